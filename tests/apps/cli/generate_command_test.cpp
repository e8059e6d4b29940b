#include "apps/cli/generate_command.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "apps/cli/bet_reader.hpp"
#include "tests/apps/cli/fake_console.hpp"
#include "tests/apps/cli/text_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class GenerateCommandTest : public testing::Test {
 protected:
  GenerateCommandTest() {
    options_.agencies = 3;
    options_.bets = 100;
    options_.seed = 7;
    options_.out = folder_ / "";
  }

  ExitCode generate() { return run_generate(options_, console_); }

  test::TemporaryDirectory folder_;
  test::FakeConsole console_;
  GenerateOptions options_;
};

TEST_F(GenerateCommandTest, WritesAFileForEachAgency) {
  EXPECT_EQ(generate(), ExitCode::kOk);
  EXPECT_THAT(folder_.names(),
              UnorderedElementsAre("agency-1.csv", "agency-2.csv", "agency-3.csv"));
  EXPECT_THAT(console_.said,
              ElementsAre("action: generacion | result: success | agencias: 3 | apuestas: 300"));
}

TEST_F(GenerateCommandTest, FilesAreWhatSubmitReads) {
  EXPECT_EQ(generate(), ExitCode::kOk);
  test::TextSource source(folder_.content("agency-2.csv"));
  BetReader reader(source);
  for (int line = 0; line < 100; ++line) {
    ASSERT_TRUE(std::holds_alternative<BetView>(reader.next())) << "line " << line + 1;
  }
  EXPECT_TRUE(std::holds_alternative<CsvEnd>(reader.next()));
}

TEST_F(GenerateCommandTest, SameSeedGivesTheSameFile) {
  EXPECT_EQ(generate(), ExitCode::kOk);
  const std::string first = folder_.content("agency-3.csv");
  options_.force = true;
  EXPECT_EQ(generate(), ExitCode::kOk);
  EXPECT_EQ(folder_.content("agency-3.csv"), first);
  options_.seed = 8;
  EXPECT_EQ(generate(), ExitCode::kOk);
  EXPECT_NE(folder_.content("agency-3.csv"), first);
}

TEST_F(GenerateCommandTest, FilesThatAreThereStay) {
  folder_.write("agency-3.csv", "mine");
  EXPECT_EQ(generate(), ExitCode::kFailure);
  EXPECT_THAT(folder_.names(), ElementsAre("agency-3.csv"));
  EXPECT_EQ(folder_.content("agency-3.csv"), "mine");
  EXPECT_THAT(console_.said,
              ElementsAre(HasSubstr("agency-3.csv: is there already; replace it with --force")));
}

TEST_F(GenerateCommandTest, FolderIsMade) {
  options_.out = folder_ / "new/folder";
  EXPECT_EQ(generate(), ExitCode::kOk);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "new/folder/agency-1.csv"));
}

TEST_F(GenerateCommandTest, FolderThatCannotBeMadeIsNamed) {
  options_.out = folder_.write("file", "") + "/folder";
  EXPECT_EQ(generate(), ExitCode::kFailure);
  EXPECT_TRUE(console_.has_said("file/folder: cannot be made: Not a directory"));
}

}  // namespace
}  // namespace sorteo::cli
