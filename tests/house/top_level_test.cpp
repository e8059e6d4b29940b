#include "tests/house/top_level.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.hpp"

namespace sorteo::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TopLevelTest, TheProjectHasOnlyItsFolders) {
  EXPECT_THAT(misplaced_folders(SORTEO_SOURCE_DIR), IsEmpty());
}

TEST(TopLevelTest, AnyOtherFolderIsMisplaced) {
  TemporaryDirectory tree;
  tree.write("core/bet.hpp", "");
  tree.write(".ci/run", "");
  tree.write("build/dev/x", "");
  tree.write("README.md", "");
  tree.write("utils/a.hpp", "");
  tree.write("common/a.hpp", "");
  EXPECT_THAT(misplaced_folders(tree.path()), ElementsAre("common", "utils"));
}

}  // namespace
}  // namespace sorteo::test
