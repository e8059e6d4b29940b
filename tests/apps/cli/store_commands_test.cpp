#include <gmock/gmock.h>
#include <signal.h>

#include "apps/cli/export_command.hpp"
#include "apps/cli/verify_command.hpp"
#include "core/store_error.hpp"
#include "tests/apps/cli/fake_console.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A store of batches that a test made, which may turn out to be damaged behind them.
class FakeStore final {
 public:
  void add(std::uint32_t agency, const std::vector<Bet>& bets) {
    Stored stored{agency, static_cast<std::uint32_t>(bets.size()), {}};
    for (const Bet& bet : bets) {
      append_packet(stored.packets, bet.view());
    }
    batches_.push_back(std::move(stored));
  }

  ReadStore reader() {
    return
        [this](const std::string&, PartVisitor* visitor,
               const StoreProgress& progress) -> boost::system::result<StoreSummary, StoreFailure> {
          if (progress) {
            progress(100, 400);
          }
          for (const Stored& stored : batches_) {
            if (visitor == nullptr) {
              continue;
            }
            const auto part = visitor->make_part();
            part->add(Batch(stored.agency, stored.bets, as_bytes(stored.packets)));
            if (!visitor->take(*part)) {
              return summary;
            }
          }
          if (failure) {
            return *failure;
          }
          return summary;
        };
  }

  StoreSummary summary;
  std::optional<StoreFailure> failure;

 private:
  struct Stored {
    std::uint32_t agency;
    std::uint32_t bets;
    std::string packets;
  };
  std::vector<Stored> batches_;
};

const StoreFailure kDamage{make_error_code(StoreError::kDamaged), "var/bets/log: offset 99: bad"};

class StoreCommandsTest : public testing::Test {
 protected:
  StoreCommandsTest() {
    store_.add(2, {{"Ana", "Paz", "0030904465", "1999-03-17", "7574"}});
    store_.add(1, {{"José, h.", "O\"Neill", "2", "1985-01-31", "0"},
                   {"Eva", "Sol", "3", "1985-02-01", "9999"}});
  }

  ExitCode export_to(std::string out) {
    return run_export({.storage = "var/bets", .out = std::move(out)}, store_.reader(), console_);
  }
  ExitCode verify() { return run_verify({"var/bets"}, store_.reader(), console_); }

  static constexpr const char* kRows =
      "2,Ana,Paz,0030904465,1999-03-17,7574\r\n"
      "1,\"José, h.\",\"O\"\"Neill\",2,1985-01-31,0\r\n"
      "1,Eva,Sol,3,1985-02-01,9999\r\n";

  test::TemporaryDirectory folder_;
  FakeStore store_;
  test::FakeConsole console_;
};

TEST_F(StoreCommandsTest, ExportWritesEveryBetInTheOrderStored) {
  EXPECT_EQ(export_to(""), ExitCode::kOk);
  EXPECT_EQ(console_.out.text, kRows);
  EXPECT_THAT(console_.said, IsEmpty());
}

TEST_F(StoreCommandsTest, ExportWritesAFile) {
  EXPECT_EQ(export_to(folder_ / "bets.csv"), ExitCode::kOk);
  EXPECT_EQ(folder_.content("bets.csv"), kRows);
  EXPECT_EQ(console_.out.text, "");
}

TEST_F(StoreCommandsTest, ExportOfADamagedStoreLeavesTheOldFile) {
  store_.failure = kDamage;
  folder_.write("bets.csv", "old");
  EXPECT_EQ(export_to(folder_ / "bets.csv"), ExitCode::kStoreDamaged);
  EXPECT_EQ(folder_.content("bets.csv"), "old");
  EXPECT_THAT(folder_.names(), ElementsAre("bets.csv"));
  EXPECT_THAT(console_.said, ElementsAre("sorteo: var/bets/log: offset 99: bad"));
}

TEST_F(StoreCommandsTest, ExportSaysThatItsOutputIsFull) {
  console_.out.room = 10;
  EXPECT_EQ(export_to(""), ExitCode::kFailure);
  EXPECT_THAT(console_.said,
              ElementsAre(HasSubstr("standard output: cannot be written: No space left")));
}

TEST_F(StoreCommandsTest, ExportNamesAFolderThatIsNotThere) {
  EXPECT_EQ(export_to(folder_ / "no/bets.csv"), ExitCode::kFailure);
  EXPECT_THAT(console_.said, ElementsAre(HasSubstr("no/bets.csv: cannot be made")));
}

TEST_F(StoreCommandsTest, InterruptedExportLeavesNothing) {
  const auto read_store = [this](const std::string& path, PartVisitor* visitor,
                                 const StoreProgress& progress) {
    ::raise(SIGTERM);
    return store_.reader()(path, visitor, progress);
  };
  EXPECT_EQ(run_export({"var/bets", folder_ / "bets.csv"}, read_store, console_),
            ExitCode{128 + SIGTERM});
  EXPECT_THAT(folder_.names(), IsEmpty());
}

TEST_F(StoreCommandsTest, ExportWarnsOfATornTail) {
  store_.summary.torn_tail = TornTail{1000, 37, "var/bets/log-2"};
  EXPECT_EQ(export_to(""), ExitCode::kOk);
  EXPECT_THAT(console_.said,
              ElementsAre(HasSubstr("warning: var/bets/log-2: 37 bytes at offset 1000")));
}

TEST_F(StoreCommandsTest, VerifyPrintsASummary) {
  store_.summary = {{2, 3, {2, 1}, 7574, 6}, 5, 400, {}, 4};
  EXPECT_EQ(verify(), ExitCode::kOk);
  EXPECT_EQ(console_.out.text,
            "store: var/bets\nsegments: 4\nrecords: 5\nbatches: 2\nbets: 3\nsessions: 6\n"
            "bytes: 400\nfinished agencies: 2 1\ndraw: held, winning number 7574\n"
            "torn tail: none\nfiles beside the log: agree with it\nkept from earlier cuts: 0\n");
  EXPECT_THAT(console_.said, IsEmpty());
}

TEST_F(StoreCommandsTest, VerifyOfAFreshStore) {
  EXPECT_EQ(verify(), ExitCode::kOk);
  EXPECT_THAT(console_.out.text, HasSubstr("finished agencies: none\ndraw: not held\n"));
}

TEST_F(StoreCommandsTest, VerifyCountsWhatEarlierCutsKept) {
  folder_.write("cut-1", "torn");
  folder_.write("cut-2/log-1", "damaged");
  EXPECT_EQ(run_verify({folder_.path()}, store_.reader(), console_), ExitCode::kOk);
  EXPECT_THAT(console_.out.text, HasSubstr("\nkept from earlier cuts: 2\n"));
}

TEST_F(StoreCommandsTest, VerifyWarnsOfWhatIsHarmless) {
  store_.summary.warnings = {"var/bets/checkpoint: is unsound"};
  EXPECT_EQ(verify(), ExitCode::kOk);
  EXPECT_THAT(console_.out.text, HasSubstr("\nfiles beside the log: see the warnings\n"));
  EXPECT_THAT(console_.said, ElementsAre("sorteo: warning: var/bets/checkpoint: is unsound"));
}

TEST_F(StoreCommandsTest, VerifyShowsATornTail) {
  store_.summary.torn_tail = TornTail{1000, 37};
  EXPECT_EQ(verify(), ExitCode::kOk);
  EXPECT_THAT(console_.out.text, HasSubstr("torn tail: 37 bytes at offset 1000\n"));
}

TEST_F(StoreCommandsTest, VerifyOfADamagedStoreSaysWhere) {
  store_.failure = kDamage;
  EXPECT_EQ(verify(), ExitCode::kStoreDamaged);
  EXPECT_EQ(console_.out.text, "");
  EXPECT_THAT(console_.said, ElementsAre("sorteo: var/bets/log: offset 99: bad"));
}

TEST_F(StoreCommandsTest, VerifyOfAPathThatIsNoStoreIsAFailure) {
  store_.failure = StoreFailure{
      boost::system::errc::make_error_code(boost::system::errc::no_such_file_or_directory),
      "var/bets: No such file or directory"};
  EXPECT_EQ(verify(), ExitCode::kFailure);
}

}  // namespace
}  // namespace sorteo::cli
