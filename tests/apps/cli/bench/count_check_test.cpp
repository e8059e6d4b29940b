#include "apps/cli/bench/count_check.hpp"

#include <gmock/gmock.h>

#include "core/store_error.hpp"
#include "tests/apps/cli/fake_console.hpp"

namespace sorteo::cli {
namespace {

const ExpectedCounts kExpected{{{1, 50}}, {{1, 100}, {2, 200}}, 0};

TEST(ExpectedCountsTest, WhatWasAcknowledgedOnTopOfWhatWasThereAgrees) {
  EXPECT_EQ(kExpected.objection({{1, 150}, {2, 200}}, "the server"), std::nullopt);
  EXPECT_EQ(kExpected.of(1), 150U);
  EXPECT_EQ(kExpected.of(3), 0U);
}

TEST(ExpectedCountsTest, MissingBetIsNamed) {
  EXPECT_EQ(kExpected.objection({{1, 149}, {2, 200}}, "the store"),
            "of agency 1, 100 bets were acknowledged, on top of 50, and the store has 149");
  EXPECT_NE(kExpected.objection({{1, 150}}, "the store"), std::nullopt);
}

TEST(ExpectedCountsTest, BetTooManyIsNamed) {
  EXPECT_NE(kExpected.objection({{1, 150}, {2, 201}}, "the server"), std::nullopt);
}

TEST(ExpectedCountsTest, UnknownBetsMayBeThereOrNot) {
  ExpectedCounts expected = kExpected;
  expected.unknown = 10;
  EXPECT_EQ(expected.objection({{1, 150}, {2, 210}}, "the server"), std::nullopt);
  EXPECT_NE(expected.objection({{1, 149}, {2, 200}}, "the server"), std::nullopt);
  EXPECT_NE(expected.objection({{1, 150}, {2, 211}}, "the server"), std::nullopt);
}

TEST(CountInStoreTest, CountsTheAgenciesOfTheRunAlone) {
  BenchOptions options;
  options.first_agency = 2;
  options.agencies = 2;
  options.store = "here";
  test::FakeConsole console;
  const ReadStore read_store =
      [](const std::string& path, PartVisitor* visitor,
         const StoreProgress&) -> boost::system::result<StoreSummary, StoreFailure> {
    EXPECT_EQ(path, "here");
    const auto part = visitor->make_part();
    for (const std::uint32_t agency : {1U, 2U, 3U, 4U, 3U}) {
      part->add(Batch(agency, 10 * agency, {}));
      EXPECT_TRUE(visitor->take(*part));
    }
    return StoreSummary{};
  };
  const auto counts = count_in_store(read_store, options, console);
  ASSERT_TRUE(counts.has_value());
  EXPECT_EQ(*counts, (AgencyCounts{{2, 20}, {3, 60}}));
}

TEST(CountInStoreTest, DamageHasItsOwnCode) {
  test::FakeConsole console;
  const ReadStore read_store =
      [](const std::string&, PartVisitor*,
         const StoreProgress&) -> boost::system::result<StoreSummary, StoreFailure> {
    return StoreFailure{StoreError::kDamaged, "bets: damaged"};
  };
  const auto counts = count_in_store(read_store, BenchOptions(), console);
  ASSERT_TRUE(counts.has_error());
  EXPECT_EQ(counts.error(), (BenchFailure{ExitCode::kStoreDamaged, "bets: damaged"}));
}

}  // namespace
}  // namespace sorteo::cli
