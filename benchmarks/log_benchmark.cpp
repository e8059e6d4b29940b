// How fast the log takes batches of 100 bets, from one thread, with so many of them in flight:
// written to the system's memory, and durable. The store is made in the directory that the
// environment names in SORTEO_BENCHMARK_DIRECTORY, or in that for temporary files, and removed.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <semaphore>
#include <stdexcept>
#include <string>

#include "benchmarks/benchmark_bets.hpp"
#include "storage/file_bet_store.hpp"

namespace sorteo::benchmarks {
namespace {

constexpr std::size_t kBatches = 1000;  // then they come again
constexpr std::size_t kBetsInBatch = 100;
constexpr std::ptrdiff_t kMostInFlight = 1024;

class NoLog final : public Log {
 public:
  bool enabled(LogLevel) const noexcept override { return false; }
  void write(LogLevel, std::string_view) noexcept override {}
};

NoLog no_log;

// An empty store that disappears with this.
class EmptyStore final {
 public:
  explicit EmptyStore(Durability durability)
      : path_(parent() / ("log_benchmark." + std::to_string(::getpid()))) {
    FileStoreOptions options;
    options.path = path_;
    options.durability = durability;
    auto store = FileBetStore::open(options, no_log);
    if (store.has_error()) {
      throw std::runtime_error(store.error().message);
    }
    store_ = std::move(*store);
  }
  ~EmptyStore() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  EmptyStore(const EmptyStore&) = delete;
  EmptyStore& operator=(const EmptyStore&) = delete;

  BetStore& operator*() const noexcept { return *store_; }

 private:
  static std::filesystem::path parent() {
    const char* named = std::getenv("SORTEO_BENCHMARK_DIRECTORY");
    return named != nullptr ? std::filesystem::path(named) : std::filesystem::temp_directory_path();
  }

  const std::string path_;
  std::unique_ptr<FileBetStore> store_;
};

void append(benchmark::State& state, Durability durability) {
  static const auto batches = packets_of(benchmark_bets(kBatches * kBetsInBatch), kBetsInBatch);
  const std::ptrdiff_t window = state.range(0);
  std::counting_semaphore<kMostInFlight> room(window);
  const EmptyStore store(durability);  // its threads end before what they release
  std::size_t next = 0;
  for (auto _ : state) {
    room.acquire();
    (*store).append(Batch(1, kBetsInBatch, as_bytes(batches[next])),
                    [&room](boost::system::error_code error) {
                      if (error) {
                        std::abort();
                      }
                      room.release();
                    });
    next = (next + 1) % batches.size();
  }
  for (std::ptrdiff_t in_flight = 0; in_flight < window; ++in_flight) {
    room.acquire();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBetsInBatch));
}
BENCHMARK_CAPTURE(append, os, Durability::kOs)
    ->Arg(1)
    ->Arg(256)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK_CAPTURE(append, fsync, Durability::kFsync)
    ->Arg(1)
    ->Arg(256)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
}  // namespace sorteo::benchmarks

BENCHMARK_MAIN();
