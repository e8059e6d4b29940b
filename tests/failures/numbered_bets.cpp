#include "tests/failures/numbered_bets.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <string_view>

#include "storage/stored_bets.hpp"

namespace sorteo::test {
namespace {

std::uint32_t number_of(std::string_view text) {
  std::uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

bool NumberedBets::visit(const Batch& batch) {
  for (const BetView& bet : batch) {
    ++size_;
    ++agencies_[batch.agency()];
    const std::uint32_t index = number_of(bet.document);
    if (number_of(bet.number) == kWinningNumber) {
      winners_[batch.agency()].push_back(index);
    }
    const std::uint32_t sender = sender_of(bet);
    if (numbered_bet(sender, index).view() == bet) {
      senders_[sender].push_back(index);
    } else if (stranger_.empty()) {
      stranger_ = std::string(bet.first_name) + ", " + std::string(bet.document);
    }
  }
  return true;
}

const std::vector<std::uint32_t>& NumberedBets::of_sender(std::uint32_t sender) const {
  static const std::vector<std::uint32_t> none;
  const auto found = senders_.find(sender);
  return found == senders_.end() ? none : found->second;
}

std::optional<std::string> NumberedBets::fault_of(std::uint32_t sender) const {
  std::uint32_t due = 1;
  for (const std::uint32_t index : of_sender(sender)) {
    if (index != due) {
      return "sender " + std::to_string(sender) + ": bet " + std::to_string(index) +
             " is stored where bet " + std::to_string(due) + " is due";
    }
    ++due;
  }
  return std::nullopt;
}

std::uint64_t NumberedBets::of_agency(std::uint32_t agency) const {
  const auto found = agencies_.find(agency);
  return found == agencies_.end() ? 0 : found->second;
}

std::vector<std::uint32_t> NumberedBets::winners_of(std::uint32_t agency) const {
  const auto found = winners_.find(agency);
  return found == winners_.end() ? std::vector<std::uint32_t>() : found->second;
}

NumberedBets bets_stored_in(const std::string& path) {
  NumberedBets bets;
  const auto summary = read_store(path, &bets);
  if (summary.has_error()) {
    ADD_FAILURE() << summary.error().message;
  } else {
    EXPECT_EQ(summary->state.bets, bets.size());
  }
  EXPECT_EQ(bets.stranger(), "") << "nobody sent it";
  return bets;
}

}  // namespace sorteo::test
