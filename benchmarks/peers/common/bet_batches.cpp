#include "benchmarks/peers/common/bet_batches.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include "apps/cli/bet_reader.hpp"
#include "apps/cli/stable_file.hpp"
#include "core/text.hpp"

namespace sorteo::peers {

namespace {

std::vector<Bet> read_bets(const std::string& path) {
  auto file = cli::StableFile::open(path);
  if (file.has_error()) {
    throw std::runtime_error(file.error().message);
  }
  cli::BetReader reader(**file);
  std::vector<Bet> bets;
  for (cli::BetItem item = reader.next(); !std::holds_alternative<cli::CsvEnd>(item);
       item = reader.next()) {
    const BetView* const bet = std::get_if<BetView>(&item);
    if (bet == nullptr) {
      throw std::runtime_error(path + " holds something else than bets");
    }
    bets.push_back({std::string(bet->first_name), std::string(bet->last_name),
                    std::string(bet->document), std::string(bet->birthdate),
                    std::string(bet->number)});
  }
  if (bets.empty()) {
    throw std::runtime_error(path + " holds no bets");
  }
  return bets;
}

}  // namespace

BetBatches read_bet_batches(const std::string& path, std::size_t batch_bets) {
  const std::vector<Bet> bets = read_bets(path);
  BetBatches batches(std::max<std::size_t>(1, bets.size() / batch_bets));
  std::size_t next = 0;
  for (auto& batch : batches) {
    for (std::size_t i = 0; i < batch_bets; ++i) {
      batch.push_back(bets[next++ % bets.size()]);
    }
  }
  return batches;
}

std::vector<BetBatches> read_bets_of_all(const std::vector<std::string>& paths,
                                         std::size_t connections, std::size_t batch_bets) {
  std::vector<BetBatches> all;
  for (std::size_t i = 0; i < connections; ++i) {
    all.push_back(i < paths.size() ? read_bet_batches(paths[i], batch_bets)
                                   : all[i % paths.size()]);
  }
  return all;
}

std::uint64_t expected_winners(const BetBatches& batches, std::uint64_t sent) {
  std::uint64_t winners = 0;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const std::uint64_t times = sent / batches.size() + (i < sent % batches.size() ? 1 : 0);
    winners +=
        times * static_cast<std::uint64_t>(std::ranges::count_if(batches[i], [](const Bet& bet) {
          return parse_decimal(bet.number) == kWinningNumber;
        }));
  }
  return winners;
}

std::string csv_line(const Bet& bet) {
  return bet.first_name + ',' + bet.last_name + ',' + bet.document + ',' + bet.birthdate + ',' +
         bet.number;
}

}  // namespace sorteo::peers
