#include "storage/commit_group.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/test_bets.hpp"

namespace sorteo::test {
namespace {

Change quiet() {
  Change change;
  change.done = BetStore::Completion([](boost::system::error_code) {});
  return change;
}

void fill(CommitGroup& group) {
  const TestBatch batch(1, {"Ana", "Luz"});
  for (int i = 0; i < 100; ++i) {
    group.make_room(batch_record_size(batch.view()));
    group.add_batch(batch.view(), quiet());
  }
  const IdentifiedBatch again{{}, 1, 1, batch.view().packets(), 2};
  group.make_room(0, again.content.size());
  group.add_duplicate(again, quiet());
}

TEST(CommitGroupTest, KeepsItsMemoryForTheNextTime) {
  CommitGroup group;
  fill(group);
  const auto* records = group.records().bytes().data();
  const auto* contents = group.contents().data();
  const auto* changes = group.changes().data();
  group.clear();
  EXPECT_TRUE(group.empty());
  EXPECT_EQ(group.bytes(), 0U);
  fill(group);
  EXPECT_EQ(group.records().bytes().data(), records);
  EXPECT_EQ(group.contents().data(), contents);
  EXPECT_EQ(group.changes().data(), changes);
}

TEST(CommitGroupTest, CountsWhatItHolds) {
  CommitGroup group;
  fill(group);
  EXPECT_EQ(group.bytes(), group.records().size() + group.contents().size() + 101 * sizeof(Change));
}

}  // namespace
}  // namespace sorteo::test
