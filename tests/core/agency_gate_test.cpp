#include "core/agency_gate.hpp"

#include <gtest/gtest.h>

namespace sorteo {
namespace {

using namespace std::chrono_literals;
using Verdict = AgencyGate::Verdict;

const Peer kAnybody{"127.0.0.1:1"};
const Peer kOneAndThree{"127.0.0.1:2", std::vector<std::uint32_t>{1, 3}};
const Peer kNobody{"127.0.0.1:3", std::vector<std::uint32_t>{}};

TEST(AgencyGateTest, APeerSpeaksForTheAgenciesOfItsCertificate) {
  AgencyGate gate;
  EXPECT_EQ(gate.judge(kOneAndThree, 1), Verdict::kAdmitted);
  EXPECT_EQ(gate.judge(kOneAndThree, 3), Verdict::kAdmitted);
  for (const std::uint32_t other : {0U, 2U, 4U, 4294967295U}) {
    EXPECT_EQ(gate.judge(kOneAndThree, other), Verdict::kForeign) << other;
  }
  EXPECT_EQ(gate.judge(kNobody, 1), Verdict::kForeign);
  EXPECT_EQ(gate.counters().foreign, 5U);
}

TEST(AgencyGateTest, WithoutACertificateAPeerSpeaksForAll) {
  AgencyGate gate;
  EXPECT_EQ(gate.judge(kAnybody, 0), Verdict::kAdmitted);
  EXPECT_EQ(gate.judge(kAnybody, 4294967295), Verdict::kAdmitted);
}

TEST(AgencyGateTest, NobodySpeaksForADisabledAgency) {
  AgencyGate gate({.disabled = {9, 3}});
  EXPECT_EQ(gate.judge(kAnybody, 3), Verdict::kDisabled);
  EXPECT_EQ(gate.judge(kOneAndThree, 3), Verdict::kDisabled);
  EXPECT_EQ(gate.judge(kOneAndThree, 1), Verdict::kAdmitted);
  EXPECT_EQ(gate.judge(kOneAndThree, 9), Verdict::kForeign);
  EXPECT_EQ(gate.counters().disabled, 2U);
  gate.change({});
  EXPECT_EQ(gate.judge(kAnybody, 3), Verdict::kAdmitted);
}

class AgencyRateTest : public testing::Test {
 protected:
  AgencyGate::Clock::time_point now_{1h};
  AgencyGate gate_{{.disabled = {}, .max_bets_per_second = 1000}};
};

TEST_F(AgencyRateTest, ASecondsWorthMayComeAtOnceAndThenSoMuchASecond) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(gate_.take(1, 100, now_), std::nullopt);
  }
  EXPECT_EQ(gate_.take(1, 100, now_), 1ms);
  EXPECT_EQ(gate_.take(1, 100, now_ + 1ms), std::nullopt);
  EXPECT_EQ(gate_.take(1, 100, now_ + 1ms), 99ms);
  EXPECT_EQ(gate_.take(1, 100, now_ + 101ms), std::nullopt);
  EXPECT_EQ(gate_.counters().over_rate, 2U);
}

TEST_F(AgencyRateTest, OverAnHourItIsTheRate) {
  std::uint64_t taken = 0;
  for (auto at = 0ms; at < 3'600'000ms; at += 7ms) {
    taken += gate_.take(1, 50, now_ + at) ? 0 : 50;
  }
  EXPECT_NEAR(static_cast<double>(taken), 3'601'000.0, 100.0);
}

TEST_F(AgencyRateTest, ABatchLargerThanASecondsWorthIsTakenAndPaidForLater) {
  EXPECT_EQ(gate_.take(1, 5000, now_), std::nullopt);
  EXPECT_EQ(gate_.take(1, 1, now_), 4000ms);
  EXPECT_EQ(gate_.take(1, 1, now_ + 3999ms), 1ms);
  EXPECT_EQ(gate_.take(1, 1, now_ + 4001ms), std::nullopt);
}

TEST_F(AgencyRateTest, AgenciesDoNotShareIt) {
  EXPECT_EQ(gate_.take(1, 1000, now_), std::nullopt);
  EXPECT_NE(gate_.take(1, 1, now_), std::nullopt);
  EXPECT_EQ(gate_.take(2, 1000, now_), std::nullopt);
}

TEST_F(AgencyRateTest, NothingIsSavedUpBeyondASecond) {
  EXPECT_EQ(gate_.take(1, 1, now_), std::nullopt);
  EXPECT_EQ(gate_.take(1, 1000, now_ + 1h), std::nullopt);
  EXPECT_EQ(gate_.take(1, 1, now_ + 1h), 1ms);
}

TEST_F(AgencyRateTest, AClockThatGoesBackGivesNothing) {
  EXPECT_EQ(gate_.take(1, 1000, now_), std::nullopt);
  EXPECT_EQ(gate_.take(1, 1, now_ - 10s), 1ms);
  EXPECT_EQ(gate_.take(1, 1, now_ + 1ms), std::nullopt);
}

TEST_F(AgencyRateTest, ZeroIsNoLimit) {
  gate_.change({.disabled = {}, .max_bets_per_second = 0});
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(gate_.take(1, 1'000'000'000, now_), std::nullopt);
  }
}

TEST_F(AgencyRateTest, ANewRateHoldsAtOnce) {
  EXPECT_EQ(gate_.take(1, 1000, now_), std::nullopt);
  EXPECT_NE(gate_.take(1, 1, now_), std::nullopt);
  gate_.change({.disabled = {}, .max_bets_per_second = 2000});
  EXPECT_EQ(gate_.take(1, 2000, now_), std::nullopt);
}

TEST_F(AgencyRateTest, MoreAgenciesThanAreToldApartWait) {
  for (std::uint32_t agency = 0; agency < AgencyGate::kMostAgencies; ++agency) {
    ASSERT_EQ(gate_.take(agency, 10, now_), std::nullopt);
  }
  EXPECT_EQ(gate_.take(4294967295, 10, now_), 1000ms);
  EXPECT_EQ(gate_.take(7, 10, now_), std::nullopt);                // one that is known goes on
  EXPECT_EQ(gate_.take(4294967295, 10, now_ + 1s), std::nullopt);  // the others are full again
}

}  // namespace
}  // namespace sorteo
