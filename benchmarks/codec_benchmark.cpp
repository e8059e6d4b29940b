// What the codec costs on one core. The measure of decoding is the bare walk: over the lengths of
// the packets and of their fields, with no look at a value. DecodeAgainstWalk takes both in turns
// and says which part of the walk's speed decoding has, with every check.
//
// usage: codec_benchmark [--benchmark_...]; SORTEO_BENCHMARK_BETS may name a CSV file of bets.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/benchmark_bets.hpp"
#include "core/batch.hpp"
#include "core/payload_reader.hpp"
#include "core/version2.hpp"
#include "core/winner_scan.hpp"

namespace sorteo::benchmarks {
namespace {

// Bets that differ, enough of them that no branch predictor learns them by heart, and few enough
// that they stay in a second-level cache, as bytes do that have just been received.
constexpr std::size_t kBets = 20'000;
constexpr std::size_t kBatchBets = 100;

constexpr std::string_view BetView::*kMembers[] = {&BetView::first_name, &BetView::last_name,
                                                   &BetView::document, &BetView::birthdate,
                                                   &BetView::number};

const std::vector<Bet>& bets() {
  static const std::vector<Bet> kAll = benchmark_bets(kBets);
  return kAll;
}

const std::vector<std::string>& batches() {
  static const std::vector<std::string> kAll = packets_of(bets(), kBatchBets);
  return kAll;
}

const std::vector<std::string>& accented_batches() {
  static const std::vector<std::string> kAll = packets_of(accented_bets(kBets), kBatchBets);
  return kAll;
}

// With the last field first: what the codec does not expect, though it is good.
const std::vector<std::string>& reversed_batches() {
  static const std::vector<std::string> kAll = [] {
    std::vector<std::string> reversed(batches().size());
    for (std::size_t at = 0; at < kBets; ++at) {
      std::string fields;
      for (unsigned tag = 5; tag >= 1; --tag) {
        const auto value = bets()[at].view().*kMembers[tag - 1];
        append_field(fields, static_cast<std::uint8_t>(tag), value);
      }
      std::string& batch = reversed[at / kBatchBets];
      append_u32(batch, static_cast<std::uint32_t>(fields.size()));
      batch += fields;
    }
    return reversed;
  }();
  return kAll;
}

std::size_t bytes_of(const std::vector<std::string>& batches) {
  std::size_t bytes = 0;
  for (const std::string& batch : batches) {
    bytes += batch.size();
  }
  return bytes;
}

void count(benchmark::State& state, std::size_t bytes) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kBets));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

// The lengths alone. The one comparison, of where the fields end, keeps the walk from being
// optimised away; the bytes are known to be good.
[[gnu::noinline]] std::size_t walk_lengths(ByteView packets) noexcept {
  const std::byte* at = packets.data();
  const std::byte* const end = at + packets.size();
  std::size_t bets = 0;
  while (at != end) {
    const std::byte* field = at + 4;
    at = field + load_u32(at);
    for (int index = 0; index < 5; ++index) {
      field += 3 + load_u16(field + 1);
    }
    bets += field == at ? 1 : 0;
  }
  return bets;
}

// The same walk as a stranger's bytes need it: no length may point past what holds it.
[[gnu::noinline]] std::size_t walk_lengths_safely(ByteView packets) noexcept {
  std::size_t bets = 0;
  while (packets.size() >= 4) {
    const std::size_t length = load_u32(packets.data());
    if (length > packets.size() - 4) {
      return 0;
    }
    ByteView packet = packets.subspan(4, length);
    packets = packets.subspan(4 + length);
    for (int index = 0; index < 5; ++index) {
      if (packet.size() < 3 || load_u16(packet.data() + 1) > packet.size() - 3) {
        return 0;
      }
      packet = packet.subspan(3 + load_u16(packet.data() + 1));
    }
    bets += packet.empty() ? 1 : 0;
  }
  return bets;
}

void walk(benchmark::State& state, std::size_t (*lengths)(ByteView) noexcept) {
  for (auto _ : state) {
    for (const std::string& batch : batches()) {
      benchmark::DoNotOptimize(lengths(as_bytes(batch)));
    }
  }
  count(state, bytes_of(batches()));
}
BENCHMARK_CAPTURE(walk, bare, walk_lengths);
BENCHMARK_CAPTURE(walk, within_bounds, walk_lengths_safely);

void decode(benchmark::State& state, const std::vector<std::string>& (*of)()) {
  for (auto _ : state) {
    for (const std::string& batch : of()) {
      benchmark::DoNotOptimize(decode_packets(1, as_bytes(batch)));
    }
  }
  count(state, bytes_of(of()));
}
BENCHMARK_CAPTURE(decode, bets, batches);
BENCHMARK_CAPTURE(decode, accents_everywhere, accented_batches);
BENCHMARK_CAPTURE(decode, fields_in_another_order, reversed_batches);

double seconds_of(void (*work)(const std::string&), const std::vector<std::string>& batches) {
  const auto begin = std::chrono::steady_clock::now();
  std::for_each(batches.begin(), batches.end(), work);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double>& values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// `speed` is the median over the rounds, each a walk and a decoding of the same bytes.
void DecodeAgainstWalk(benchmark::State& state) {
  std::vector<double> walked;
  std::vector<double> decoded;
  std::vector<double> speeds;
  for (auto _ : state) {
    walked.push_back(seconds_of(
        [](const std::string& batch) { benchmark::DoNotOptimize(walk_lengths(as_bytes(batch))); },
        batches()));
    decoded.push_back(seconds_of(
        [](const std::string& batch) {
          benchmark::DoNotOptimize(decode_packets(1, as_bytes(batch)));
        },
        batches()));
    speeds.push_back(walked.back() / decoded.back());
  }
  constexpr double kNanoseconds = 1e9 / kBets;
  state.counters["walk_ns"] = median(walked) * kNanoseconds;
  state.counters["decode_ns"] = median(decoded) * kNanoseconds;
  state.counters["speed"] = median(speeds);
}
BENCHMARK(DecodeAgainstWalk);

template <typename Append>
void encode(benchmark::State& state, Append append) {
  std::string to;
  for (auto _ : state) {
    for (std::size_t at = 0; at < kBets; ++at) {
      if (at % kBatchBets == 0) {
        to.clear();
      }
      append(to, bets()[at].view());
    }
    benchmark::DoNotOptimize(to.data());
  }
  count(state, bytes_of(batches()));
}
BENCHMARK_CAPTURE(encode, bets, append_packet);

void FindBadField(benchmark::State& state) {
  for (auto _ : state) {
    for (const Bet& bet : bets()) {
      benchmark::DoNotOptimize(find_bad_field(bet.view()));
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kBets));
}
BENCHMARK(FindBadField);

void Iterate(benchmark::State& state) {
  for (auto _ : state) {
    std::size_t bytes = 0;
    for (const std::string& batch : batches()) {
      for (const BetView& bet : Batch(1, kBatchBets, as_bytes(batch))) {
        bytes += bet.first_name.size() + bet.number.size();
      }
    }
    benchmark::DoNotOptimize(bytes);
  }
  count(state, bytes_of(batches()));
}
BENCHMARK(Iterate);

void ScanForWinners(benchmark::State& state) {
  std::vector<std::uint32_t> documents;
  for (auto _ : state) {
    documents.clear();
    for (const std::string& batch : batches()) {
      append_winners(Batch(1, kBatchBets, as_bytes(batch)), 7574, documents);
    }
    benchmark::DoNotOptimize(documents.data());
  }
  count(state, bytes_of(batches()));
}
BENCHMARK(ScanForWinners);

void DecodeOnceBatch(benchmark::State& state) {
  std::vector<std::string> payloads;
  for (const std::string& batch : batches()) {
    v2::append_once_batch_header(payloads.emplace_back(), 1, SessionId{}, 1);
    payloads.back() += batch;
  }
  for (auto _ : state) {
    for (const std::string& payload : payloads) {
      const auto once = v2::decode_once_batch(as_bytes(payload));
      benchmark::DoNotOptimize(decode_packets(once->agency, once->packets));
    }
  }
  count(state, bytes_of(payloads));
}
BENCHMARK(DecodeOnceBatch);

void EncodeReceipt(benchmark::State& state) {
  v2::ReceiptMessage message;
  message.receipt.bets = kBatchBets;
  for (auto _ : state) {
    ++message.sequence;
    message.receipt.durable = message.sequence;
    benchmark::DoNotOptimize(v2::encode(message));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(EncodeReceipt);

}  // namespace
}  // namespace sorteo::benchmarks

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  try {
    benchmark::RunSpecifiedBenchmarks();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "codec_benchmark: %s\n", error.what());
    return 1;
  }
}
