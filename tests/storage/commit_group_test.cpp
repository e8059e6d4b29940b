#include "storage/commit_group.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/test_bets.hpp"

namespace sorteo::test {
namespace {

void fill(CommitGroup& group) {
  const TestBatch batch(1, {"Ana", "Luz"});
  for (int i = 0; i < 100; ++i) {
    group.make_room(batch_record_size(batch.view()));
    group.add_batch(batch.view(), [](boost::system::error_code) {});
  }
  group.make_room(kNumberRecordBytes);
  group.add_finish(1, [](boost::system::error_code) {});
}

TEST(CommitGroupTest, KeepsItsMemoryForTheNextTime) {
  CommitGroup group;
  fill(group);
  const auto* records = group.records().data();
  const auto* completions = group.completions().data();
  const auto* finished = group.finished().data();
  group.clear();
  EXPECT_TRUE(group.empty());
  EXPECT_EQ(group.bytes(), 0U);
  fill(group);
  EXPECT_EQ(group.records().data(), records);
  EXPECT_EQ(group.completions().data(), completions);
  EXPECT_EQ(group.finished().data(), finished);
}

TEST(CommitGroupTest, CountsWhatItHolds) {
  CommitGroup group;
  fill(group);
  EXPECT_EQ(group.bytes(), group.records().size() + 101 * sizeof(CommitGroup::Completion));
}

}  // namespace
}  // namespace sorteo::test
