// What the file store makes of the disk: ready batches of 100 bets, appended by threads that keep a
// bounded number in flight each, as the I/O threads of a server do; and, in rounds that take turns
// with it, the bare limit: the same bytes written and synced by one thread, in groups of what the
// store may have in flight, into space that was written before.
//
// usage: append_benchmark DIRECTORY [THREADS [WINDOW [MILLION_BETS [ROUNDS]]]]
//   DIRECTORY     on the disk that is to be measured; a directory is made in it and removed
//   THREADS       that append (2)
//   WINDOW        batches that each of them has in flight (160)
//   MILLION_BETS  in each round (2)
//   ROUNDS        of which the medians are shown (5)

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "benchmarks/counting_file_system.hpp"
#include "benchmarks/stopwatch.hpp"
#include "core/log.hpp"
#include "storage/file_bet_store.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using sorteo::benchmarks::Cost;
using sorteo::benchmarks::Stopwatch;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr std::size_t kBets = 100;
constexpr std::size_t kBetBytes = 53;

struct Load {
  std::size_t threads = 2;
  std::size_t window = 160;
  std::size_t batches = 20'000;  // of each thread

  std::size_t bytes() const { return threads * batches * kBets * kBetBytes; }
};

void require(bool success, const char* what) {
  if (!success) {
    throw std::system_error(errno, std::generic_category(), what);
  }
}

// The packets of a batch, as the wire has them. The store takes them as checked.
std::string make_content() {
  const std::string_view bet(
      "\0\0\0\x31"
      "\x01\0\x09"
      "Ana Maria"
      "\x02\0\x03"
      "Paz"
      "\x03\0\x08"
      "30904465"
      "\x04\0\x0A"
      "1999-03-17"
      "\x05\0\x04"
      "7574",
      kBetBytes);
  std::string content;
  for (std::size_t i = 0; i < kBets; ++i) {
    content += bet;
  }
  return content;
}

// One session of one agency, with a window of batches in flight.
class Sender final {
 public:
  Sender(sorteo::BetStore& store, std::uint32_t number, const Load& load)
      : store_(store), load_(load), began_(load.window) {
    batch_.agency = number;
    batch_.session.bytes[0] = static_cast<std::byte>(number);
    batch_.bets = kBets;
    latencies.reserve(load.batches);
  }

  void run(const std::string& content) {
    batch_.content = sorteo::as_bytes(content);
    for (std::size_t i = 0; i < load_.batches; ++i) {
      await(i < load_.window ? 0 : i - load_.window + 1);
      began_[i % load_.window] = Clock::now();
      ++batch_.sequence;
      store_.append_once(batch_, [this, i](boost::system::error_code error,
                                           const sorteo::Receipt&) { complete(i, error); });
    }
    await(load_.batches);
  }

  std::vector<float> latencies;  // microseconds

 private:
  void await(std::size_t count) {
    std::unique_lock lock(mutex_);
    done_enough_.wait(lock, [&] { return done_ >= count; });
  }

  void complete(std::size_t i, boost::system::error_code error) {
    if (error) {
      std::fprintf(stderr, "append_benchmark: %s\n", error.message().c_str());
      std::exit(1);
    }
    latencies.push_back(
        static_cast<float>(Microseconds(Clock::now() - began_[i % load_.window]).count()));
    {
      const std::lock_guard lock(mutex_);
      ++done_;
    }
    done_enough_.notify_one();
  }

  sorteo::BetStore& store_;
  const Load& load_;
  sorteo::IdentifiedBatch batch_;
  std::vector<Clock::time_point> began_;
  std::mutex mutex_;
  std::condition_variable done_enough_;
  std::size_t done_ = 0;
};

class Silence final : public sorteo::Log {
 public:
  bool enabled(sorteo::LogLevel level) const noexcept override {
    return level >= sorteo::LogLevel::kWarning;
  }
  void write(sorteo::LogLevel, std::string_view line) noexcept override {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  }
};

// From an empty store until the last batch is acknowledged, new segments included.
Cost measure_store(const std::string& directory, const Load& load, const std::string& content) {
  std::filesystem::remove_all(directory);
  Silence log;
  sorteo::FileStoreOptions options;
  options.path = directory;
  const sorteo::benchmarks::CountingFileSystem files;
  auto store = sorteo::FileBetStore::open(options, log, files);
  if (store.has_error()) {
    throw std::runtime_error(store.error().message);
  }
  std::vector<std::unique_ptr<Sender>> senders;
  std::vector<std::thread> threads;
  for (std::uint32_t i = 0; i < load.threads; ++i) {
    senders.push_back(std::make_unique<Sender>(**store, i + 1, load));
  }
  const Stopwatch watch;
  for (const auto& sender : senders) {
    threads.emplace_back([&] { sender->run(content); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  std::vector<float> latencies;
  for (const auto& sender : senders) {
    latencies.insert(latencies.end(), sender->latencies.begin(), sender->latencies.end());
  }
  Cost cost = watch.finish(std::move(latencies));
  cost.syncs = static_cast<double>(files.data_syncs());
  return cost;
}

Cost measure_bare(const std::string& path, const Load& load) {
  const std::size_t group = load.threads * load.window * kBets * kBetBytes;
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  require(file >= 0, path.c_str());
  std::vector<char> data(group);
  const auto write = [&](std::size_t at) {
    const auto written = ::pwrite(file, data.data(), group, static_cast<off_t>(at));
    require(written == static_cast<ssize_t>(group), "pwrite");
  };
  for (std::size_t at = 0; at < load.bytes(); at += group) {
    write(at);
  }
  require(::fsync(file) == 0, "fsync");
  std::ranges::fill(data, 'b');
  std::vector<float> latencies;
  const Stopwatch watch;
  for (std::size_t at = 0; at < load.bytes(); at += group) {
    const auto begin = Clock::now();
    write(at);
    require(::fdatasync(file) == 0, "fdatasync");
    latencies.push_back(static_cast<float>(Microseconds(Clock::now() - begin).count()));
  }
  Cost cost = watch.finish(std::move(latencies));
  cost.syncs = static_cast<double>(load.bytes() / group);
  ::close(file);
  ::unlink(path.c_str());
  return cost;
}

double median_of(const std::vector<Cost>& costs, double Cost::*field) {
  std::vector<double> values;
  for (const Cost& cost : costs) {
    values.push_back(cost.*field);
  }
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void show(const char* name, const std::vector<Cost>& costs, const Load& load) {
  const double bets = static_cast<double>(load.threads * load.batches * kBets) / 1e6;
  const double seconds = median_of(costs, &Cost::seconds);
  const double syncs = median_of(costs, &Cost::syncs);
  std::printf(
      "%-6s %6.2f M bets/s %6.0f MB/s, CPU %.4f user + %.4f system s per M bets, "
      "%6.0f KB a sync, p50 %.0f us, p99 %.0f us\n",
      name, bets / seconds, static_cast<double>(load.bytes()) / seconds / 1e6,
      median_of(costs, &Cost::user) / bets, median_of(costs, &Cost::system) / bets,
      static_cast<double>(load.bytes()) / syncs / 1e3, median_of(costs, &Cost::median),
      median_of(costs, &Cost::p99));
}

void measure(const std::string& directory, const Load& load, std::size_t rounds) {
  const std::string content = make_content();
  std::vector<Cost> stored;
  std::vector<Cost> bare;
  for (std::size_t i = 0; i < rounds; ++i) {
    bare.push_back(measure_bare(directory + "/append_benchmark.bare", load));
    stored.push_back(measure_store(directory + "/append_benchmark.store", load, content));
  }
  std::filesystem::remove_all(directory + "/append_benchmark.store");
  show("bare", bare, load);
  show("store", stored, load);
  const auto ratio = [&](double Cost::*field) {
    return median_of(stored, field) / median_of(bare, field);
  };
  std::printf("store to bare: throughput %.2f, p50 %.2f, p99 %.2f\n", 1 / ratio(&Cost::seconds),
              ratio(&Cost::median), ratio(&Cost::p99));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 6 || std::strcmp(argv[1], "--help") == 0) {
    std::fputs("usage: append_benchmark DIRECTORY [THREADS [WINDOW [MILLION_BETS [ROUNDS]]]]\n",
               argc == 2 ? stdout : stderr);
    return argc == 2 ? 0 : 2;
  }
  const auto argument = [&](int index, double otherwise) {
    return argc > index ? std::strtod(argv[index], nullptr) : otherwise;
  };
  Load load;
  load.threads = static_cast<std::size_t>(std::clamp(argument(2, 2), 1.0, 64.0));
  load.window = static_cast<std::size_t>(std::clamp(argument(3, 160), 1.0, 10'000.0));
  const double bets = std::clamp(argument(4, 2), 0.01, 1'000.0) * 1e6;
  load.batches = static_cast<std::size_t>(bets / kBets) / load.threads;
  const auto rounds = static_cast<std::size_t>(std::clamp(argument(5, 5), 1.0, 1'000.0));
  try {
    measure(argv[1], load, rounds);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "append_benchmark: %s\n", error.what());
    return 1;
  }
}
