#include "apps/cli/bench/bet_list.hpp"

#include <cstring>
#include <string_view>
#include <variant>

#include "apps/cli/bet_generator.hpp"
#include "apps/cli/bet_reader.hpp"
#include "apps/cli/stable_file.hpp"

namespace sorteo::cli {

void BetList::add(const BetView& bet) {
  const auto keep = [this](std::string_view text) {
    auto* const to = static_cast<char*>(text_.allocate(text.size() + 1, 1));
    std::memcpy(to, text.data(), text.size());
    return std::string_view(to, text.size());
  };
  bets_.push_back({keep(bet.first_name), keep(bet.last_name), keep(bet.document),
                   keep(bet.birthdate), keep(bet.number)});
}

boost::system::result<void, InputError> BetList::add_file(const std::string& path) {
  auto file = StableFile::open(path);
  if (file.has_error()) {
    return file.error();
  }
  BetReader reader(**file);
  for (;;) {  // a line a turn
    const BetItem item = reader.next();
    if (std::holds_alternative<CsvEnd>(item)) {
      return {};
    }
    if (const auto* error = std::get_if<InputError>(&item)) {
      return *error;
    }
    if (const auto* bad = std::get_if<BadLine>(&item)) {
      return InputError{path + ":" + std::to_string(bad->line) + ": " + bad->message};
    }
    add(std::get<BetView>(item));
  }
}

void BetList::add_generated(std::uint64_t seed, std::uint32_t agency, std::size_t count) {
  BetGenerator generator(seed, agency);
  for (std::size_t made = 0; made < count; ++made) {
    add(generator.next().view());
  }
}

void BetList::fill_batches(std::size_t batch_bets) {
  const std::size_t full = (bets_.size() + batch_bets - 1) / batch_bets * batch_bets;
  bets_.reserve(full);
  for (std::size_t at = 0; bets_.size() < full; ++at) {
    bets_.push_back(bets_[at]);
  }
}

}  // namespace sorteo::cli
