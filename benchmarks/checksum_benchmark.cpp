// XXH3-64 with a seed, as the log's records carry it (docs/storage.md), against copying the same
// bytes, over the sizes that records have: as the shared library of the distribution computes it,
// inlined from its header, and with the widest vectors that the processor has.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstring>
#include <vector>

#include "benchmarks/xxh3_variants.hpp"

namespace sorteo::benchmarks {
namespace {

constexpr std::uint64_t kSeed = 0x0123'4567'89AB'CDEFU;

std::vector<char> bytes_of(benchmark::State& state) {
  std::vector<char> bytes(static_cast<std::size_t>(state.range(0)));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    bytes[at] = static_cast<char>(at * 31 % 251);
  }
  return bytes;
}

void count(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void Copy(benchmark::State& state) {
  const std::vector<char> bytes = bytes_of(state);
  std::vector<char> to(bytes.size());
  for (auto _ : state) {
    std::memcpy(to.data(), bytes.data(), bytes.size());
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  count(state);
}

void Xxh3(benchmark::State& state, std::uint64_t (*hash)(const void*, std::size_t, std::uint64_t)) {
  const std::vector<char> bytes = bytes_of(state);
  if (hash(bytes.data(), bytes.size(), kSeed) !=
      xxh3_of_the_library(bytes.data(), bytes.size(), kSeed)) {
    state.SkipWithError("this variant has another result than the library");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(hash(bytes.data(), bytes.size(), kSeed));
  }
  count(state);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->RangeMultiplier(4)->Range(64, 64 * 1024);
}
BENCHMARK(Copy)->Apply(sizes);
BENCHMARK_CAPTURE(Xxh3, library, xxh3_of_the_library)->Apply(sizes);
BENCHMARK_CAPTURE(Xxh3, inlined, xxh3_inlined)->Apply(sizes);
#if defined(__x86_64__)
BENCHMARK_CAPTURE(Xxh3, dispatched, xxh3_dispatched)->Apply(sizes);
#endif

}  // namespace
}  // namespace sorteo::benchmarks

BENCHMARK_MAIN();
