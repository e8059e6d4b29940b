// How fast a store is opened and read: what a restart, `sorteo verify` and the draw do. The store
// is made once, of a million bets, in the directory that the environment names in
// SORTEO_BENCHMARK_DIRECTORY, or in that for temporary files, and removed at the end. Its files are
// in the system's memory, except the last one when a store is opened.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "benchmarks/benchmark_bets.hpp"
#include "core/winner_scan.hpp"
#include "storage/file_bet_store.hpp"
#include "storage/posix_file_system.hpp"
#include "storage/stored_bets.hpp"

namespace sorteo::benchmarks {
namespace {

constexpr std::size_t kBets = 1'000'000;
constexpr std::size_t kBetsInBatch = 100;
constexpr std::uint32_t kWinningNumber = 7574;

class NoLog final : public Log {
 public:
  bool enabled(LogLevel) const noexcept override { return false; }
  void write(LogLevel, std::string_view) noexcept override {}
};

NoLog no_log;

std::unique_ptr<FileBetStore> open_store(const std::string& path) {
  FileStoreOptions options;
  options.path = path;
  options.durability = Durability::kOs;
  auto store = FileBetStore::open(options, no_log);
  if (store.has_error()) {
    throw std::runtime_error(store.error().message);
  }
  return std::move(*store);
}

// A store of kBets bets that disappears with this.
class SampleStore final {
 public:
  SampleStore() : path_(parent() / ("recovery_benchmark." + std::to_string(::getpid()))) {
    const auto store = open_store(path_);
    for (const std::string& packets : packets_of(benchmark_bets(kBets), kBetsInBatch)) {
      store->append(Batch(1, kBetsInBatch, as_bytes(packets)), [](boost::system::error_code error) {
        if (error) {
          std::abort();
        }
      });
    }
    if (const auto failure = store->close()) {
      throw std::runtime_error(failure->message);
    }
    bytes_ = read_store(path_, nullptr)->log_bytes;
  }
  ~SampleStore() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  SampleStore(const SampleStore&) = delete;
  SampleStore& operator=(const SampleStore&) = delete;

  const std::string& path() const noexcept { return path_; }

  /// What was done each time with all of it.
  void count(benchmark::State& state) const {
    const auto times = static_cast<std::int64_t>(state.iterations());
    state.SetItemsProcessed(times * static_cast<std::int64_t>(kBets));
    state.SetBytesProcessed(times * static_cast<std::int64_t>(bytes_));
  }

 private:
  static std::filesystem::path parent() {
    const char* named = std::getenv("SORTEO_BENCHMARK_DIRECTORY");
    return named != nullptr ? std::filesystem::path(named) : std::filesystem::temp_directory_path();
  }

  const std::string path_;
  std::uint64_t bytes_ = 0;
};

const SampleStore& sample() {
  static const SampleStore store;
  return store;
}

// Looks for winners, and forgets them.
class WinnerCounter final : public PartVisitor {
 public:
  std::unique_ptr<BatchPart> make_part() override { return std::make_unique<Part>(); }
  bool take(BatchPart& part) override {
    count += std::exchange(static_cast<Part&>(part).winners, {}).size();
    return true;
  }

  std::size_t count = 0;

 private:
  struct Part final : public BatchPart {
    void add(const Batch& batch) override { append_winners(batch, kWinningNumber, winners); }
    std::vector<std::uint32_t> winners;
  };
};

ReadAheadOptions threads_of(const benchmark::State& state) {
  return {.threads = static_cast<unsigned>(state.range(0))};
}

void open_and_close(benchmark::State& state) {
  const std::string& path = sample().path();
  for (auto _ : state) {
    benchmark::DoNotOptimize(open_store(path));
  }
}
BENCHMARK(open_and_close)->UseRealTime()->Unit(benchmark::kMillisecond);

// With so many threads that read ahead; without any, on the one that calls.
void verify(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        read_store(PosixFileSystem(), sample().path(), nullptr, {}, threads_of(state)));
  }
  sample().count(state);
}
BENCHMARK(verify)->DenseRange(0, 2)->MeasureProcessCPUTime()->UseRealTime();

void find_winners(benchmark::State& state) {
  for (auto _ : state) {
    WinnerCounter winners;
    benchmark::DoNotOptimize(
        read_store_parts(PosixFileSystem(), sample().path(), &winners, {}, threads_of(state)));
    benchmark::DoNotOptimize(winners.count);
  }
  sample().count(state);
}
BENCHMARK(find_winners)->DenseRange(0, 2)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
}  // namespace sorteo::benchmarks

BENCHMARK_MAIN();
