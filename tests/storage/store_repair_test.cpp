#include "storage/store_repair.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "tests/storage/file_bet_store_fixture.hpp"

namespace sorteo::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Contents = std::map<std::string, std::string>;
using Op = FakeFileSystem::Op;

constexpr char kStore[] = "var/bets";

std::string segment(int number) {
  return "var/bets/bets-000000000" + std::to_string(number) + ".log";
}

// A closed store with three segments.
class StoreRepairTest : public FileBetStoreTest {
 protected:
  void SetUp() override {
    open();
    while (!disk_.exists(segment(3))) {
      const std::string name = std::to_string(all_.size() + 1);
      append(*store_, 1, {name});
      all_.push_back("1: " + name);
    }
    append(*store_, 1, {"last"});
    all_.emplace_back("1: last");
    store_.reset();
  }

  RepairReport repair(RepairAction action = RepairAction::kReport) {
    RepairOptions options;
    options.action = action;
    auto report = repair_store(disk_, kStore, options);
    EXPECT_TRUE(report.has_value()) << report.error().message;
    return report.has_value() ? *report : RepairReport();
  }

  void flip(const std::string& path, std::size_t at) {
    std::string bytes = disk_.content(path);
    bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
    disk_.set_content(path, bytes);
  }

  // Opens, and finds the first batches and nothing else; and can go on.
  void expect_first(std::size_t batches) {
    open();
    const std::vector<std::string> first(all_.begin(),
                                         all_.begin() + static_cast<std::ptrdiff_t>(batches));
    EXPECT_EQ(bets_in(*store_), first);
    EXPECT_EQ(append(*store_, 1, {"new"}), kSuccess);
    store_.reset();
    EXPECT_TRUE(read_store(disk_, kStore, nullptr).has_value());
  }

  // How many batches the first `segments` segments hold.
  std::size_t batches_in(int segments) const {
    std::size_t batches = 0;
    for (int number = 1; number <= segments; ++number) {
      const std::string bytes = disk_.content(segment(number));
      for (std::size_t at = bytes.find("\xFE"
                                       "BET");
           at != std::string::npos; at = bytes.find("\xFE"
                                                    "BET",
                                                    at + 1)) {
        ++batches;
      }
    }
    return batches;
  }

  std::vector<std::string> all_;
};

TEST_F(StoreRepairTest, SoundStoreIsLeftAsItIs) {
  const Contents before = disk_.contents();
  for (const auto action :
       {RepairAction::kReport, RepairAction::kCut, RepairAction::kDropCheckpoint}) {
    const auto report = repair(action);
    EXPECT_FALSE(report.damage);
    EXPECT_THAT(report.plans, IsEmpty());
    EXPECT_EQ(disk_.contents(), before);
  }
}

TEST_F(StoreRepairTest, ReportSaysWhatACutWouldKeepAndLoseAndChangesNothing) {
  const std::size_t kept = batches_in(1) + 1;
  flip(segment(2), 64 + 100 + 60);
  const Contents before = disk_.contents();
  const auto report = repair();
  ASSERT_TRUE(report.damage);
  EXPECT_THAT(report.damage->message, HasSubstr(segment(2)));
  ASSERT_THAT(report.plans, SizeIs(1));
  const RepairPlan& plan = report.plans.front();
  EXPECT_EQ(plan.action, RepairAction::kCut);
  EXPECT_EQ(plan.kept.batches, kept);
  EXPECT_EQ(plan.kept_records, kept);
  EXPECT_EQ(plan.cut_file, segment(2));
  EXPECT_EQ(plan.cut_batches, all_.size() - kept - 1);
  EXPECT_EQ(plan.cut_bets, plan.cut_batches);
  EXPECT_THAT(plan.moved, ElementsAre("checkpoint", "durable", "bets-0000000003.log"));
  EXPECT_EQ(disk_.contents(), before);
}

TEST_F(StoreRepairTest, CutKeepsWhatStandsBeforeTheDamageAndMovesTheRest) {
  const std::size_t kept = batches_in(1) + 1;
  flip(segment(2), 64 + 100 + 60);
  const Contents before = disk_.contents();
  const auto report = repair(RepairAction::kCut);
  EXPECT_EQ(report.moved_to, "var/bets/cut-1");
  for (const std::string name :
       {"bets-0000000002.log", "bets-0000000003.log", "checkpoint", "durable"}) {
    EXPECT_EQ(disk_.durable_content("var/bets/cut-1/" + name), before.at("var/bets/" + name));
  }
  EXPECT_FALSE(repair().damage);
  expect_first(kept);
}

TEST_F(StoreRepairTest, SegmentWithoutAHeaderGoesAwayWhole) {
  const std::size_t kept = batches_in(1);
  flip(segment(2), 20);
  const auto report = repair(RepairAction::kCut);
  EXPECT_EQ(report.plans.front().cut_file, segment(2));
  EXPECT_FALSE(disk_.exists(segment(2)));
  expect_first(kept);
}

TEST_F(StoreRepairTest, SegmentThatLostItsFirstRecordGoesAwayWhole) {
  const std::size_t kept = batches_in(1);
  flip(segment(2), 64 + 10);
  repair(RepairAction::kCut);
  EXPECT_FALSE(disk_.exists(segment(2)));
  expect_first(kept);
}

TEST_F(StoreRepairTest, NothingIsKeptOfALogWithoutItsFirstHeader) {
  flip(segment(1), 20);
  const auto report = repair(RepairAction::kCut);
  EXPECT_EQ(report.plans.front().kept, StoreState());
  expect_first(0);
}

TEST_F(StoreRepairTest, MissingSegmentTakesTheLaterOnesAway) {
  const std::size_t kept = batches_in(1);
  disk_.remove(segment(2));
  repair(RepairAction::kCut);
  EXPECT_TRUE(disk_.exists("var/bets/cut-1/bets-0000000003.log"));
  expect_first(kept);
}

TEST_F(StoreRepairTest, ShortenedSegmentIsFilledUpAgain) {
  const std::size_t size = disk_.content(segment(3)).size();
  disk_.set_content(segment(3), disk_.content(segment(3)).substr(0, 64 + 100));
  const std::size_t kept = batches_in(3);
  repair(RepairAction::kCut);
  EXPECT_THAT(disk_.content(segment(3)), SizeIs(size));
  expect_first(kept);
}

TEST_F(StoreRepairTest, EveryLengthOfTheLastSegmentIsRepaired) {
  const Contents sound = disk_.contents();
  const std::string whole = disk_.content(segment(3));
  for (std::size_t size = 0; size < 400; ++size) {
    disk_.set_contents(sound);
    disk_.set_content(segment(3), whole.substr(0, size));
    repair(RepairAction::kCut);
    ASSERT_FALSE(repair().damage) << size;
    open();
    ASSERT_GE(bets_in(*store_).size(), batches_in(2)) << size;
    store_.reset();
  }
}

TEST_F(StoreRepairTest, SegmentThatGrewIsShortened) {
  disk_.set_content(segment(1), disk_.content(segment(1)) + "more");
  repair(RepairAction::kCut);
  EXPECT_THAT(disk_.content(segment(1)), SizeIs(kSmallSegment));
  EXPECT_THAT(disk_.content("var/bets/cut-1/bets-0000000001.log"), SizeIs(kSmallSegment + 4));
  expect_first(all_.size());
}

TEST_F(StoreRepairTest, SoundLogIsKeptWhenTheFilesBesideItAreDropped) {
  const std::string early = disk_.content("var/bets/durable");
  open();
  append(*store_, 1, {"later"});
  all_.emplace_back("1: later");
  store_.reset();
  disk_.set_content("var/bets/durable", early);  // says that the log was closed before
  const auto report = repair(RepairAction::kDropCheckpoint);
  EXPECT_THAT(report.plans.front().moved, ElementsAre("checkpoint", "durable"));
  EXPECT_EQ(disk_.content("var/bets/cut-1/durable"), early);
  expect_first(all_.size());
}

TEST_F(StoreRepairTest, LogThatLostItsEndIsCutThereAndTheLossIsTold) {
  const std::string late = disk_.content("var/bets/durable");
  // An older copy of the last segment: it lost a batch that the witness knows.
  std::string bytes = disk_.content(segment(3));
  const std::size_t last = bytes.rfind(
                               "\xFE"
                               "BET") -
                           8;
  bytes.replace(last, std::string::npos, bytes.size() - last, '\0');
  disk_.set_content(segment(3), bytes);
  const std::size_t kept = batches_in(3);
  ASSERT_GT(kept, batches_in(2));
  const Contents before = disk_.contents();
  EXPECT_EQ(repair_store(disk_, kStore, {RepairAction::kDropCheckpoint, {}}).error().code,
            StoreError::kDamaged);
  EXPECT_EQ(disk_.contents(), before);
  const auto report = repair(RepairAction::kCut);
  EXPECT_THAT(report.plans.front().moved, ElementsAre("checkpoint", "durable"));
  EXPECT_GT(report.plans.front().durable_end, report.plans.front().kept_end);
  EXPECT_EQ(disk_.content("var/bets/cut-1/durable"), late);
  expect_first(kept);
}

TEST_F(StoreRepairTest, DamagedLastRecordIsNoneThatDroppingTheCheckpointHelpsAgainst) {
  const std::string sound = disk_.content(segment(3));
  const std::size_t last = sound.rfind(
      "\xFE"
      "BET");
  flip(segment(3), last + 20);
  const Contents before = disk_.contents();
  const auto report = repair(RepairAction::kReport);
  ASSERT_EQ(report.plans.size(), 1U);
  EXPECT_EQ(report.plans.front().action, RepairAction::kCut);
  EXPECT_GT(report.plans.front().durable_end, report.plans.front().kept_end);
  EXPECT_EQ(repair_store(disk_, kStore, {RepairAction::kDropCheckpoint, {}}).error().code,
            StoreError::kDamaged);
  EXPECT_EQ(disk_.contents(), before);
}

TEST_F(StoreRepairTest, ActionThatDoesNotHelpIsAnErrorAndChangesNothing) {
  flip(segment(2), 64 + 100 + 60);
  const Contents before = disk_.contents();
  const auto report = repair_store(disk_, kStore, {RepairAction::kDropCheckpoint, {}});
  ASSERT_TRUE(report.has_error());
  EXPECT_EQ(report.error().code, StoreError::kDamaged);
  EXPECT_EQ(disk_.contents(), before);
}

TEST_F(StoreRepairTest, StoreThatIsOpenIsNotRepaired) {
  open();
  EXPECT_EQ(repair_store(disk_, kStore, {}).error().code, StoreError::kLocked);
}

TEST_F(StoreRepairTest, PathWithoutAStoreIsAnError) {
  EXPECT_EQ(repair_store(disk_, "elsewhere", {}).error().code,
            boost::system::errc::no_such_file_or_directory);
}

TEST_F(StoreRepairTest, SecondCutHasADirectoryOfItsOwn) {
  flip(segment(3), 64 + 10);
  repair(RepairAction::kCut);
  flip(segment(2), 64 + 10);
  EXPECT_EQ(repair(RepairAction::kCut).moved_to, "var/bets/cut-2");
  expect_first(batches_in(1));
}

// Whatever call fails, nothing is lost, and the repair can be asked for again.
TEST_F(StoreRepairTest, EveryCallToTheSystemMayFail) {
  const std::size_t kept = batches_in(1) + 1;
  flip(segment(2), 64 + 100 + 60);
  const Contents damaged = disk_.contents();
  bool failed = true;
  for (int n = 1; failed; ++n) {
    ASSERT_LT(n, 1000);
    disk_.set_contents(damaged);
    disk_.fail_nth(n, EIO, FakeFileSystem::kForGood);
    failed = repair_store(disk_, kStore, {RepairAction::kCut, {}}).has_error();
    disk_.fail_nth(1, 0, 0);
    disk_.set_contents(disk_.durable_contents());
    std::string everything;
    for (const auto& [path, content] : disk_.contents()) {
      everything += content;
    }
    EXPECT_THAT(everything, HasSubstr(damaged.at(segment(2)).substr(0, 1000))) << n;
    EXPECT_THAT(everything, HasSubstr(damaged.at(segment(3)).substr(0, 200))) << n;
    const auto again = repair_store(disk_, kStore, {RepairAction::kCut, {}});
    ASSERT_TRUE(again.has_value()) << n << again.error().message;
    expect_first(kept);
  }
}

}  // namespace
}  // namespace sorteo::test
