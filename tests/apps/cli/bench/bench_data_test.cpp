#include "apps/cli/bench/bench_data.hpp"

#include <gmock/gmock.h>

#include "core/batch.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::cli {
namespace {

using testing::HasSubstr;

class BenchDataTest : public testing::Test {
 protected:
  BenchDataTest() {
    options_.agencies = 2;
    options_.batch_bets = 3;
  }

  std::string csv(const std::string& name, int bets) {
    std::string text;
    for (int bet = 1; bet <= bets; ++bet) {
      text += name + ",Paz," + std::to_string(bet) + ",1999-03-17,7574\n";
    }
    return folder_.write(name + ".csv", text);
  }

  // First name and document of every bet of `agency`, as its batches hold them.
  std::vector<std::string> names(std::uint32_t agency) const {
    std::vector<std::string> names;
    const ReadyBatches& batches = data_.batches(agency);
    for (std::size_t number = 0; number < batches.size(); ++number) {
      const auto batch = decode_packets(agency, batches.packets(number));
      EXPECT_TRUE(batch.has_value());
      for (const BetView& bet : *batch) {
        names.push_back(std::string(bet.first_name) + std::string(bet.document));
      }
    }
    return names;
  }

  test::TemporaryDirectory folder_;
  BenchOptions options_;
  BenchData data_;
};

TEST_F(BenchDataTest, FilesGoToTheAgenciesInTurn) {
  options_.csv = {csv("A", 1), csv("B", 2), csv("C", 2)};
  ASSERT_TRUE(data_.load(options_).has_value());
  EXPECT_THAT(names(1), testing::ElementsAre("A1", "C1", "C2"));
  EXPECT_THAT(names(2), testing::ElementsAre("B1", "B2", "B1")) << "repeated to fill the batch";
}

TEST_F(BenchDataTest, AgenciesWithoutAFileShareIt) {
  options_.csv = {csv("A", 3)};
  ASSERT_TRUE(data_.load(options_).has_value());
  EXPECT_EQ(names(1), names(2));
}

TEST_F(BenchDataTest, BetsThatAreMadeUpDependOnSeedAndAgency) {
  ASSERT_TRUE(data_.load(options_).has_value());
  EXPECT_NE(names(1), names(2));
  BenchData again;
  ASSERT_TRUE(again.load(options_).has_value());
  EXPECT_EQ(as_text(again.batches(2).packets(5)), as_text(data_.batches(2).packets(5)));
  options_.seed = 2;
  BenchData other;
  ASSERT_TRUE(other.load(options_).has_value());
  EXPECT_NE(as_text(other.batches(2).packets(5)), as_text(data_.batches(2).packets(5)));
}

TEST_F(BenchDataTest, LargestBatchIsThatOfAnyAgency) {
  options_.csv = {csv("A", 3), csv("Longer", 3)};
  ASSERT_TRUE(data_.load(options_).has_value());
  EXPECT_EQ(data_.largest_batch(), data_.batches(2).packets(0).size());
  EXPECT_GT(data_.largest_batch(), data_.batches(1).packets(0).size());
}

TEST_F(BenchDataTest, BadLineIsNamed) {
  options_.csv = {csv("A", 1), folder_.write("bad.csv", "Eva,Sol,1,1999-02-30,5\n")};
  const auto loaded = data_.load(options_);
  ASSERT_TRUE(loaded.has_error());
  EXPECT_EQ(loaded.error().code, ExitCode::kBadInput);
  EXPECT_THAT(loaded.error().message,
              HasSubstr("bad.csv:1: birthdate \"1999-02-30\" is not a date"));
}

TEST_F(BenchDataTest, EmptyFileIsNoBets) {
  options_.csv = {folder_.write("empty.csv", "")};
  const auto loaded = data_.load(options_);
  ASSERT_TRUE(loaded.has_error());
  EXPECT_THAT(loaded.error().message, HasSubstr("empty.csv: holds no bet"));
}

}  // namespace
}  // namespace sorteo::cli
