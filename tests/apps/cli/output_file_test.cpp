#include "apps/cli/output_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/temporary_directory.hpp"

namespace sorteo::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class OutputFileTest : public testing::Test {
 protected:
  test::TemporaryDirectory folder_;
};

TEST_F(OutputFileTest, AppearsWithTheCommit) {
  const auto file = OutputFile::create(folder_ / "out.csv", Overwrite::kNo);
  ASSERT_FALSE((*file)->write("one "));
  ASSERT_FALSE((*file)->write("two"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out.csv"));
  ASSERT_FALSE((*file)->commit());
  EXPECT_EQ(folder_.content("out.csv"), "one two");
  EXPECT_THAT(folder_.names(), ElementsAre("out.csv"));
}

TEST_F(OutputFileTest, NothingRemainsWithoutACommit) {
  {
    const auto file = OutputFile::create(folder_ / "out.csv", Overwrite::kNo);
    ASSERT_FALSE((*file)->write("half"));
  }
  EXPECT_THAT(folder_.names(), IsEmpty());
}

TEST_F(OutputFileTest, OldFileStandsUntilTheCommit) {
  folder_.write("out.csv", "old");
  const auto file = OutputFile::create(folder_ / "out.csv", Overwrite::kYes);
  ASSERT_FALSE((*file)->write("new"));
  EXPECT_EQ(folder_.content("out.csv"), "old");
  ASSERT_FALSE((*file)->commit());
  EXPECT_EQ(folder_.content("out.csv"), "new");
}

TEST_F(OutputFileTest, OldFileIsNotReplacedUnlessAllowed) {
  folder_.write("out.csv", "old");
  EXPECT_THAT(OutputFile::create(folder_ / "out.csv", Overwrite::kNo).error().message,
              HasSubstr("out.csv: is there already"));
}

TEST_F(OutputFileTest, FileThatCameMeanwhileIsNotReplaced) {
  const auto file = OutputFile::create(folder_ / "out.csv", Overwrite::kNo);
  folder_.write("out.csv", "theirs");
  EXPECT_EQ((*file)->commit(), boost::system::errc::file_exists);
  EXPECT_EQ(folder_.content("out.csv"), "theirs");
}

TEST_F(OutputFileTest, LinkIsWrittenThrough) {
  folder_.write("target.csv", "old");
  std::filesystem::create_symlink("target.csv", folder_ / "link.csv");
  const auto file = OutputFile::create(folder_ / "link.csv", Overwrite::kYes);
  ASSERT_FALSE((*file)->write("new"));
  ASSERT_FALSE((*file)->commit());
  EXPECT_EQ(folder_.content("target.csv"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link.csv"));
}

TEST_F(OutputFileTest, DevicesAndFoldersAreLeftAlone) {
  EXPECT_THAT(OutputFile::create("/dev/null", Overwrite::kYes).error().message,
              HasSubstr("/dev/null: is there and is not a regular file"));
  EXPECT_THAT(OutputFile::create(folder_ / "", Overwrite::kYes).error().message,
              HasSubstr("is not a regular file"));
}

TEST_F(OutputFileTest, MissingFolderIsAnError) {
  EXPECT_THAT(OutputFile::create(folder_ / "no/out.csv", Overwrite::kNo).error().message,
              HasSubstr("cannot be made: No such file or directory"));
}

TEST_F(OutputFileTest, OnlyItsOwnerMayReadIt) {
  const auto file = OutputFile::create(folder_ / "out.csv", Overwrite::kNo);
  ASSERT_FALSE((*file)->commit());
  struct stat status {};
  ASSERT_EQ(::stat((folder_ / "out.csv").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

}  // namespace
}  // namespace sorteo::cli
