#include "apps/cli/repair_command.hpp"

#include <gmock/gmock.h>

#include "core/store_error.hpp"
#include "tests/apps/cli/fake_console.hpp"

namespace sorteo::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const StoreFailure kDamage{make_error_code(StoreError::kDamaged),
                           "var/bets/log-2: damaged at offset 99: record 7: its checksum is wrong"};

RepairPlan cut_plan() {
  RepairPlan plan;
  plan.action = RepairAction::kCut;
  plan.kept.batches = 2;
  plan.kept.bets = 30;
  plan.kept.finished = {4, 1};
  plan.kept_records = 6;
  plan.cut_file = "var/bets/log-2";
  plan.cut_offset = 99;
  plan.cut_bytes = 500;
  plan.cut_records = 3;
  plan.cut_batches = 1;
  plan.cut_bets = 20;
  plan.moved = {"checkpoint", "log-3"};
  return plan;
}

class RepairCommandTest : public testing::Test {
 protected:
  ExitCode repair(RepairAction action) {
    const auto repair_store =
        [this](const std::string& path,
               const RepairOptions& options) -> boost::system::result<RepairReport, StoreFailure> {
      paths_.push_back(path);
      actions_.push_back(options.action);
      options.progress(50, 200);
      if (failure_) {
        return {boost::system::in_place_error, *failure_};
      }
      return report_;
    };
    return run_repair({.storage = "var/bets", .action = action}, repair_store, console_);
  }

  RepairReport report_;
  std::optional<StoreFailure> failure_;
  std::vector<std::string> paths_;
  std::vector<RepairAction> actions_;
  test::FakeConsole console_;
};

TEST_F(RepairCommandTest, SoundStoreNeedsNone) {
  EXPECT_EQ(repair(RepairAction::kReport), ExitCode::kOk);
  EXPECT_EQ(console_.out.text, "store: var/bets\ndamage: none; there is nothing to repair\n");
  EXPECT_THAT(console_.said, IsEmpty());
  EXPECT_THAT(paths_, ElementsAre("var/bets"));
  EXPECT_THAT(actions_, ElementsAre(RepairAction::kReport));
}

TEST_F(RepairCommandTest, ReportSaysWhatEachActionWouldDo) {
  report_.damage = kDamage;
  report_.plans = {cut_plan()};
  EXPECT_EQ(repair(RepairAction::kReport), ExitCode::kStoreDamaged);
  EXPECT_EQ(console_.out.text,
            "store: var/bets\n"
            "damage: var/bets/log-2: damaged at offset 99: record 7: its checksum is wrong\n"
            "with --cut:\n"
            "  keeps: 30 bets in 2 batches, 6 records; finished agencies: 4 1; draw: not held\n"
            "  loses: 500 bytes, from var/bets/log-2, offset 99 on; in them 3 sound records with "
            "20 bets in 1 batches, and what the damage has destroyed\n"
            "  moves away: checkpoint log-3\n");
  EXPECT_THAT(console_.said, ElementsAre(HasSubstr("nothing was changed; a good copy")));
}

TEST_F(RepairCommandTest, ActionThatWasAskedForIsDone) {
  report_.damage = kDamage;
  report_.plans = {cut_plan()};
  report_.moved_to = "var/bets/cut-1";
  EXPECT_EQ(repair(RepairAction::kCut), ExitCode::kOk);
  EXPECT_THAT(actions_, ElementsAre(RepairAction::kCut));
  EXPECT_THAT(console_.out.text, HasSubstr("repaired by --cut:\n  keeps: 30 bets"));
  EXPECT_THAT(console_.out.text, HasSubstr("what was taken away is in: var/bets/cut-1\n"));
}

TEST_F(RepairCommandTest, ActionThatDoesNotHelpLeavesTheStoreDamaged) {
  failure_ = kDamage;
  EXPECT_EQ(repair(RepairAction::kDropCheckpoint), ExitCode::kStoreDamaged);
  EXPECT_EQ(console_.out.text, "");
  EXPECT_THAT(console_.said,
              ElementsAre("sorteo: " + kDamage.message,
                          HasSubstr("--drop-checkpoint does not help against this")));
}

TEST_F(RepairCommandTest, StoreInUseIsAFailure) {
  failure_ = StoreFailure{make_error_code(StoreError::kLocked), "var/bets: in use"};
  EXPECT_EQ(repair(RepairAction::kCut), ExitCode::kFailure);
  EXPECT_THAT(console_.said, ElementsAre("sorteo: var/bets: in use"));
}

}  // namespace
}  // namespace sorteo::cli
