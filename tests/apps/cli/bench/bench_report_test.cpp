#include "apps/cli/bench/bench_report.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace sorteo::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

BenchReport sample() {
  BenchReport report;
  report.durability = "fsync";
  report.counts = {20'000, 2'000'000, 140'000'000};
  report.seconds = 2;
  report.latencies.record(100us);
  report.client_cpu_seconds = 0.5;
  report.acknowledged_bets = 3'000'000;
  report.server_agrees = true;
  return report;
}

TEST(BenchReportTest, JsonHasRatesAndLatencies) {
  const auto json = nlohmann::json::parse(to_json(sample()));
  EXPECT_EQ(json["bets"], 2'000'000);
  EXPECT_EQ(json["batches"], 20'000);
  EXPECT_EQ(json["bets_per_second"], 1e6);
  EXPECT_EQ(json["bytes_per_second"], 7e7);
  EXPECT_NEAR(json["latency_us"]["p50"].get<double>(), 100, 1);
  EXPECT_EQ(json["latency_us"]["max"], 100);
  EXPECT_EQ(json["client_cpu_seconds_per_million_bets"], 0.25);
  EXPECT_EQ(json["acknowledged_bets"], 3'000'000);
  EXPECT_EQ(json["protocol"], 2);
  EXPECT_EQ(json["through"], "wire");
  EXPECT_EQ(json["verified"]["server"], true);
}

TEST(BenchReportTest, JsonHasEveryKeyWhateverIsKnown) {
  const auto json = nlohmann::json::parse(to_json(BenchReport()));
  for (const char* key :
       {"server_cpu_seconds", "server_cpu_seconds_per_million_bets", "server_peak_bytes", "rate",
        "late_us_max", "unsent_batches", "durability", "winners", "winners_seconds",
        "server_bytes_per_idle_connection"}) {
    ASSERT_TRUE(json.contains(key)) << key;
    EXPECT_TRUE(json[key].is_null()) << key;
  }
  EXPECT_TRUE(json["verified"]["server"].is_null());
  EXPECT_TRUE(json["verified"]["store"].is_null());
  EXPECT_EQ(json["bets_per_second"], 0);
}

TEST(BenchReportTest, TextSaysWhatItIs) {
  const std::string text = to_text(sample());
  EXPECT_THAT(text, HasSubstr("load: 5 connections of 5 agencies, batches of 100 bets"));
  EXPECT_THAT(text, HasSubstr("\ndurability: fsync\n"));
  EXPECT_THAT(text, HasSubstr("\nthroughput: 1,000,000 bets/s, 70.0 MB/s\n"));
  EXPECT_THAT(text, HasSubstr("\nclient CPU: 0.50 s, 0.2500 s per million bets\n"));
  EXPECT_THAT(text, HasSubstr("acknowledged in all: 3,000,000 bets; the server's count: agrees; "
                              "the store: not known\n"));
  EXPECT_THAT(text, Not(HasSubstr("server CPU")));
  EXPECT_THAT(text, Not(HasSubstr("schedule")));
}

TEST(BenchReportTest, OpenLoopTellsHowFarItFellBehind) {
  BenchReport report = sample();
  report.options.rate = 1'000'000;
  report.late = 1'500us;
  report.unsent = 12;
  EXPECT_THAT(to_text(report),
              HasSubstr("\nbehind the schedule: 1,500 us at most, 12 batches never sent\n"));
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["rate"], 1'000'000);
  EXPECT_EQ(json["late_us_max"], 1'500);
  EXPECT_EQ(json["unsent_batches"], 12);
}

TEST(BenchReportTest, DisagreementStandsOut) {
  BenchReport report = sample();
  report.store_agrees = false;
  EXPECT_THAT(to_text(report), HasSubstr("the store: DISAGREES"));
  EXPECT_EQ(nlohmann::json::parse(to_json(report))["verified"]["store"], false);
}

}  // namespace
}  // namespace sorteo::cli
