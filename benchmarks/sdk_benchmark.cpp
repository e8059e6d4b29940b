// What the client SDK costs a bet without any network: the check, the encoding, and the session's
// engine with a server that acknowledges at once. Counters: bets a second, and allocations a batch.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "benchmarks/benchmark_bets.hpp"
#include "benchmarks/counted_new.hpp"
#include "client_sdk/batcher.hpp"
#include "client_sdk/session_engine.hpp"
#include "core/message.hpp"

namespace sorteo::client {
namespace {

constexpr std::size_t kBatchBets = 100;
constexpr std::size_t kBatchBytes = 8192;
constexpr std::size_t kHeaderBytes = 5 + v2::kOnceBatchHeaderBytes;

const std::vector<Bet>& bets() {
  static const std::vector<Bet> all = benchmarks::benchmark_bets(10'000);
  return all;
}

// Bets a second and allocations a batch, of `batches` since `allocations` were counted.
void report(benchmark::State& state, std::uint64_t batches, std::uint64_t allocations) {
  state.counters["bets"] =
      benchmark::Counter(static_cast<double>(batches * kBatchBets), benchmark::Counter::kIsRate);
  state.counters["allocations_a_batch"] =
      static_cast<double>(benchmarks::allocations() - allocations) / static_cast<double>(batches);
}

void check(benchmark::State& state) {
  std::uint64_t batches = 0;
  benchmark::DoNotOptimize(bets().data());
  const auto before = benchmarks::allocations();
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(bets().size()))) {
    for (const Bet& bet : bets()) {
      benchmark::DoNotOptimize(find_bad_field(bet.view()).has_value());
    }
    batches += bets().size() / kBatchBets;
  }
  report(state, batches, before);
}
BENCHMARK(check);

void check_and_encode(benchmark::State& state) {
  Batcher batcher(kHeaderBytes, kBatchBets, kBatchBytes);
  std::uint64_t batches = 0;
  const auto before = benchmarks::allocations();
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(bets().size()))) {
    for (const Bet& bet : bets()) {
      benchmark::DoNotOptimize(batcher.try_add(bet.view()));
      if (batcher.full()) {
        OutgoingBatch batch = batcher.take();
        benchmark::DoNotOptimize(batch.packets.data());
        batcher.reuse(std::move(batch.packets));
        ++batches;
      }
    }
  }
  report(state, batches, before);
}
BENCHMARK(check_and_encode);

// As check_and_encode, with all bets of a batch at once, as views that are made before.
void check_and_encode_together(benchmark::State& state) {
  Batcher batcher(kHeaderBytes, kBatchBets, kBatchBytes);
  std::vector<BetView> views(kBatchBets);
  std::uint64_t batches = 0;
  benchmark::DoNotOptimize(bets().data());
  const auto before = benchmarks::allocations();
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(bets().size()))) {
    for (auto bet = bets().begin(); bet != bets().end(); bet += kBatchBets) {
      std::transform(bet, bet + kBatchBets, views.begin(),
                     [](const Bet& from) { return from.view(); });
      for (std::size_t added = 0; added < kBatchBets;) {
        added += batcher.try_add_all(std::span(views).subspan(added));
      }
      OutgoingBatch batch = batcher.take();
      benchmark::DoNotOptimize(batch.packets.data());
      batcher.reuse(std::move(batch.packets));
      ++batches;
    }
  }
  report(state, batches, before);
}
BENCHMARK(check_and_encode_together);

// A Receipt that says that the batch `sequence` is stored.
std::string receipt(std::uint64_t sequence) {
  const std::string payload = v2::encode(
      v2::ReceiptMessage{sequence, {BatchOutcome::kStored, false, kBatchBets, sequence}, {}, {}});
  std::string bytes;
  append_u8(bytes, static_cast<std::uint8_t>(MessageType::kReceipt));
  append_u32(bytes, static_cast<std::uint32_t>(payload.size()));
  return bytes + payload;
}

std::string welcome() {
  const std::string payload = v2::encode(v2::Welcome());
  std::string bytes;
  append_u8(bytes, static_cast<std::uint8_t>(MessageType::kWelcome));
  append_u32(bytes, static_cast<std::uint32_t>(payload.size()));
  return bytes + payload;
}

// The engine with ready batches: a whole window is pushed, written, acknowledged and told.
void engine(benchmark::State& state) {
  const auto window = static_cast<std::uint64_t>(state.range(0));
  EngineOptions options;
  options.window = window;
  SessionEngine session(options, nullptr);
  const Clock::time_point now{std::chrono::hours(1)};
  session.on_connected(now);
  session.take_output(now);
  OutgoingBatch first{1, kBatchBets, std::string(5'300, 'x')};
  const OutgoingBatch model = first;
  std::uint64_t sequence = 0;
  std::string receipts;
  static_cast<void>(session.push(first));
  session.on_received(as_bytes(welcome()), now);
  session.take_output(now);
  session.on_received(as_bytes(receipt(++sequence)), now);
  while (session.take_settled()) {
  }
  std::uint64_t batches = 0;
  std::uint64_t allocated = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<OutgoingBatch> ready(window, model);
    receipts.clear();
    for (std::uint64_t at = 0; at < window; ++at) {
      receipts += receipt(++sequence);
    }
    const auto before = benchmarks::allocations();
    state.ResumeTiming();
    for (OutgoingBatch& batch : ready) {
      static_cast<void>(session.push(batch));
    }
    while (!session.take_output(now).empty()) {
    }
    session.on_received(as_bytes(receipts), now);
    while (session.take_settled()) {
      ++batches;
    }
    allocated += benchmarks::allocations() - before;
  }
  report(state, batches, benchmarks::allocations() - allocated);
}
BENCHMARK(engine)->Arg(16)->Arg(256);

}  // namespace
}  // namespace sorteo::client

BENCHMARK_MAIN();
