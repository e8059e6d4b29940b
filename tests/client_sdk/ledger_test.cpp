#include "client_sdk/ledger.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sorteo::client {
namespace {

Failure refusal(std::string message) {
  return {FailureKind::kRefused, Stage::kAnswer, std::move(message)};
}

TEST(LedgerTest, CountsWhatBecameOfTheBets) {
  Ledger ledger({}, {});
  ledger.note_submitted(60);
  ledger.note({1, 10}, Outcome::kStored);
  ledger.note({11, 20}, Outcome::kRefused, "no");
  ledger.note({31, 30}, Outcome::kUnknown, "gone");
  EXPECT_EQ(ledger.progress().bets_submitted, 60U);
  EXPECT_EQ(ledger.progress().bets_stored, 10U);
  EXPECT_EQ(ledger.progress().bets_refused, 20U);
  EXPECT_EQ(ledger.progress().bets_unknown, 30U);
}

TEST(LedgerTest, TellsOfEveryBatchThenOfTheProgress) {
  std::vector<std::string> told;
  Ledger ledger(
      [&](const Progress& progress) {
        told.push_back("stored " + std::to_string(progress.bets_stored));
      },
      [&](const BatchResult& batch) {
        told.push_back(describe(BetSpan{batch.first_bet, batch.bets}) + batch.reason);
      });
  ledger.note({1, 10}, Outcome::kStored);
  ledger.note({11, 1}, Outcome::kRefused, ": no");
  EXPECT_EQ(told,
            (std::vector<std::string>{"bets 1 to 10", "stored 10", "bet 11: no", "stored 10"}));
}

TEST(LedgerTest, FailureIsTakenOnce) {
  Ledger ledger({}, {});
  EXPECT_FALSE(ledger.take_failure());
  ledger.keep(refusal("no"));
  EXPECT_EQ(ledger.take_failure()->message, "no");
  EXPECT_FALSE(ledger.take_failure());
}

TEST(LedgerTest, UnknownIsGraverThanRefused) {
  Ledger ledger({}, {});
  ledger.keep(refusal("first"));
  ledger.keep(refusal("second"));
  ledger.keep({FailureKind::kOutcomeUnknown, Stage::kAnswer, "unknown"});
  const auto failure = ledger.take_failure();
  EXPECT_EQ(failure->kind, FailureKind::kOutcomeUnknown);
  EXPECT_EQ(failure->message, "unknown (and 2 more failures)");
}

TEST(LedgerTest, FirstOfTheSameGravityStands) {
  Ledger ledger({}, {});
  ledger.keep(refusal("first"));
  ledger.keep(refusal("second"));
  EXPECT_EQ(ledger.take_failure()->message, "first (and 1 more failure)");
}

}  // namespace
}  // namespace sorteo::client
