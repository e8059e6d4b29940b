// The SQLite peer: no server and no network; one thread writes, since SQLite has one writer
// (benchmarks/README.md).

#include <cstdio>
#include <stdexcept>
#include <thread>
#include <vector>

#include "benchmarks/peers/common/bet_batches.hpp"
#include "benchmarks/peers/common/client_main.hpp"
#include "benchmarks/peers/common/load_options.hpp"
#include "benchmarks/peers/common/meter.hpp"
#include "benchmarks/peers/sqlite/sqlite_store.hpp"

namespace {

using namespace sorteo::peers;

// Takes a batch of each agency in turn, and commits `window` of them together. Returns how many
// batches.
std::uint64_t load(const LoadOptions& options, SqliteStore& store,
                   const std::vector<BetBatches>& batches, Meter& meter) {
  std::uint64_t sent = 0;
  while (!meter.has_ended()) {
    const auto begin = Clock::now();
    const std::uint64_t first = sent;
    store.begin();
    for (; sent < first + options.window; ++sent) {
      const std::size_t agency = sent % batches.size();
      const BetBatches& of_agency = batches[agency];
      store.insert(static_cast<std::uint32_t>(agency + 1),
                   of_agency[sent / batches.size() % of_agency.size()]);
    }
    store.commit();
    const auto now = Clock::now();
    for (std::uint64_t i = first; i < sent; ++i) {
      meter.lane(i % batches.size()).acknowledged(options.batch_bets, begin, now);
    }
  }
  return sent;
}

void run(const LoadOptions& options) {
  const auto batches = read_bets_of_all(options.csv, options.connections, options.batch_bets);
  SqliteStore store(options.server);
  Meter meter(options);
  std::thread clock([&meter] { meter.run(); });
  const std::uint64_t sent = load(options, store, batches, meter);
  clock.join();
  std::uint64_t winners = 0;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const std::uint64_t of_agency = sent / batches.size() + (i < sent % batches.size() ? 1 : 0);
    winners += expected_winners(batches[i], of_agency);
  }
  if (store.count("TRUE") != meter.total_bets() ||
      store.count("number = " + std::to_string(kWinningNumber)) != winners) {
    throw std::runtime_error("SQLite stored something else than what it acknowledged");
  }
  std::printf("%s\n", meter.result("sqlite").c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return client_main(
      argc, argv,
      "Fills an SQLite database. --server is its file, which must not be there yet; --window, "
      "how many batches a transaction has. Its only mode: memory, bets are bound as they are",
      {"memory"}, run);
}
