// Fills a store with bets, without a network, and says how fast: for each five million, as a whole,
// and that to the first five million, so that it shows whether a store slows down, or takes more
// memory, as it grows.
//
// usage: fill_store DIRECTORY MILLIONS [os|interval|fsync]
//   DIRECTORY   of the store; it goes on behind what is there
//   MILLIONS    of bets, in batches of 100 with identities, of five agencies in turn
//   fsync       what an acknowledgement promises (os)
// SORTEO_BENCHMARK_BETS may name a CSV file with the bets.

#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/benchmark_bets.hpp"
#include "storage/file_bet_store.hpp"

namespace {

using namespace sorteo;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kAgencies = 5;
constexpr std::uint32_t kBetsInBatch = 100;
constexpr std::size_t kBatchesMade = 1000;  // then they come again
constexpr std::uint64_t kReportEvery = 5'000'000;
constexpr std::size_t kMostInFlight = 1024;

class QuietLog final : public Log {
 public:
  bool enabled(LogLevel level) const noexcept override { return level >= LogLevel::kWarning; }
  void write(LogLevel level, std::string_view line) noexcept override {
    if (enabled(level)) {
      std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
    }
  }
};

// Keeps a bounded number of batches on their way.
class Flow final {
 public:
  void begin() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return in_flight_ < kMostInFlight; });
    ++in_flight_;
  }

  void end(boost::system::error_code error) {
    const std::lock_guard lock(mutex_);
    error_ = error_ ? error_ : error;
    --in_flight_;
    changed_.notify_one();
  }

  boost::system::error_code wait_for_all() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return in_flight_ == 0; });
    return error_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t in_flight_ = 0;
  boost::system::error_code error_;
};

// Of this process, in MiB, without what is mapped from files.
double memory() {
  std::ifstream status("/proc/self/status");
  std::string word;
  double kib = 0;
  while (status >> word && word != "RssAnon:") {
  }
  status >> kib;
  return kib / 1024;
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

SessionId session_of(std::uint32_t agency) {
  SessionId session;
  session.bytes[0] = static_cast<std::byte>(agency);
  return session;
}

boost::system::error_code fill(BetStore& store, std::uint64_t bets) {
  const auto batches =
      benchmarks::packets_of(benchmarks::benchmark_bets(kBatchesMade * kBetsInBatch), kBetsInBatch);
  std::vector<std::uint64_t> sequences;
  for (std::uint32_t agency = 1; agency <= kAgencies; ++agency) {
    sequences.push_back(store.session(agency, session_of(agency)).durable);
  }
  Flow flow;
  const auto begin = Clock::now();
  auto part_begin = begin;
  double first_rate = 0;  // bets a second, of the first part
  std::uint64_t done = 0;
  for (std::size_t i = 0; done < bets; ++i) {
    const auto agency = static_cast<std::uint32_t>(i % kAgencies);
    flow.begin();
    store.append_once(
        {session_of(agency + 1), ++sequences[agency], agency + 1,
         as_bytes(batches[i % kBatchesMade]), kBetsInBatch},
        [&flow](boost::system::error_code error, const Receipt&) { flow.end(error); });
    done += kBetsInBatch;
    if (done % kReportEvery == 0) {
      const double rate = static_cast<double>(kReportEvery) / seconds_since(part_begin);
      first_rate = done == kReportEvery ? rate : first_rate;
      std::printf("%5.0f M bets: %6.2f M a second, %6.1f MiB of memory\n",
                  static_cast<double>(done) / 1e6, rate / 1e6, memory());
      std::fflush(stdout);
      part_begin = Clock::now();
    }
  }
  const auto error = flow.wait_for_all();
  const double rate = static_cast<double>(done) / seconds_since(begin);
  std::printf("all %5.0f M: %6.2f M a second\n", static_cast<double>(done) / 1e6, rate / 1e6);
  if (first_rate > 0) {
    std::printf("all of them, to the first 5 M: %.2f\n", rate / first_rate);
  }
  return error;
}

std::optional<Durability> durability_of(std::string_view word) {
  return word == "os"         ? std::optional(Durability::kOs)
         : word == "interval" ? std::optional(Durability::kInterval)
         : word == "fsync"    ? std::optional(Durability::kFsync)
                              : std::nullopt;
}

int run(const char* directory, std::uint64_t millions, Durability durability) {
  QuietLog log;
  FileStoreOptions options;
  options.path = directory;
  options.durability = durability;
  auto store = FileBetStore::open(options, log);
  if (store.has_error()) {
    std::fprintf(stderr, "fill_store: %s\n", store.error().message.c_str());
    return 1;
  }
  if (const auto error = fill(**store, millions * 1'000'000)) {
    std::fprintf(stderr, "fill_store: %s\n", error.message().c_str());
    return 1;
  }
  if (const auto failure = (*store)->close()) {
    std::fprintf(stderr, "fill_store: %s\n", failure->message.c_str());
    return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t millions = 0;
  const auto durability = durability_of(argc == 4 ? argv[3] : "os");
  const bool is_number =
      argc >= 3 &&
      std::from_chars(argv[2], argv[2] + std::strlen(argv[2]), millions).ec == std::errc();
  if (argc < 3 || argc > 4 || !is_number || millions == 0 || millions > 10'000 || !durability) {
    std::fputs("usage: fill_store DIRECTORY MILLIONS [os|interval|fsync]\n", stderr);
    return 2;
  }
  return run(argv[1], millions, *durability);
}
