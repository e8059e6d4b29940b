// A log that ends too early, at every length.

#include <gtest/gtest.h>

#include <algorithm>

#include "storage/segment_header.hpp"
#include "storage/store_repair.hpp"
#include "storage/stored_bets.hpp"
#include "tests/storage/attacks/attack_scale.hpp"
#include "tests/storage/attacks/damage_judge.hpp"
#include "tests/storage/attacks/sample_store.hpp"

namespace sorteo::test {
namespace {

std::string without_zeros_at_end(const std::string& bytes) {
  return bytes.substr(0, bytes.find_last_not_of('\0') + 1);
}

// How many changes of a sample in one segment stand in the first `length` bytes of its file.
std::size_t changes_within(const SampleStore& sample, std::size_t length) {
  std::size_t changes = 0;
  while (changes + 1 < sample.ends.size() &&
         sample.ends[changes + 1] - sample.ends[0] + kSegmentHeaderBytes <= length) {
    ++changes;
  }
  return changes;
}

// A store that holds the beginning of the sample takes more, keeps it, and is sound.
void expect_goes_on(SimulatedDisk& disk, const SampleStore& sample, std::size_t changes) {
  StoreHistory history = sample.history;
  history.cut_to(changes);
  StoreDriver driver(disk, sample.options);
  driver.adopt(std::move(history));
  auto failure = driver.open();
  ASSERT_FALSE(failure) << failure->message;
  driver.append(9, {"New"});
  driver.append_once({9, {}}, {"Newer", "Still"});
  driver.pump_all();
  failure = driver.close();
  ASSERT_FALSE(failure) << failure->message;
  failure = driver.open();
  ASSERT_FALSE(failure) << failure->message;
  ASSERT_EQ(driver.complaints(), "");
  // After the draw nothing new is taken.
  ASSERT_EQ(driver.history().size(), changes + (driver.history().draw() ? 0 : 2));
  const auto summary = read_store(disk.files(), kStore, nullptr);
  ASSERT_TRUE(summary.has_value()) << summary.error().message;
}

// Whether `bytes` stand in one of the files below `directory`.
bool is_kept_in(const DiskImage& image, const std::string& directory, const std::string& bytes) {
  return std::any_of(image.begin(), image.end(), [&](const auto& file) {
    return file.first.starts_with(directory) && file.second.find(bytes) != std::string::npos;
  });
}

// The store refuses a file that is too short; a repair keeps every change that is whole in it, and
// the bytes of the others.
void truncate_at(const SampleStore& sample, std::size_t length) {
  const std::string path = sample.segments().front();
  DiskImage image = sample.image;
  image.at(path).resize(length);
  const bool is_whole = length == sample.image.at(path).size();
  const Judgement judgement = judge(sample, image);
  ASSERT_EQ(judgement.wrong, "");
  ASSERT_EQ(judgement.was_noticed, !is_whole);
  ASSERT_EQ(judgement.was_refused, !is_whole);

  SimulatedDisk disk(image, length);
  const auto repaired = repair_store(disk.files(), kStore, {RepairAction::kCut, {}});
  ASSERT_TRUE(repaired.has_value()) << repaired.error().message;
  ASSERT_EQ(repaired->damage.has_value(), !is_whole);
  const std::size_t changes = changes_within(sample, length);
  if (!is_whole) {
    const std::size_t kept = length < kSegmentHeaderBytes
                                 ? 0
                                 : sample.ends[changes] - sample.ends[0] + kSegmentHeaderBytes;
    ASSERT_FALSE(repaired->moved_to.empty());
    ASSERT_TRUE(is_kept_in(disk.image(), repaired->moved_to,
                           without_zeros_at_end(image.at(path).substr(kept))));
  }
  disk.cut_power();
  expect_goes_on(disk, sample, changes);
}

TEST(TruncationAttackTest, ALogCutOffAtAnyLengthIsRefusedAndRepaired) {
  const SampleStore sample = one_full_segment(Ending::kClosed);
  const std::size_t size = sample.image.at(sample.segments().front()).size();
  ASSERT_EQ(size, 65536U);
  std::uint64_t truncations = 0;
  for (std::size_t length = 0; length <= size; length += stride(128), ++truncations) {
    truncate_at(sample, length);
    ASSERT_FALSE(HasFailure()) << "length " << length;
  }
  report_count("truncations", truncations);
}

// The end of the log is as if it had never been written, and the files that say how far it went are
// gone: what a power cut may leave of the last group. It is cut off, and kept aside.
void unwrite_from(const SampleStore& sample, std::size_t length) {
  const std::string path = sample.segments().front();
  const std::string& whole = sample.image.at(path);
  const std::string cut = whole.substr(0, length) + std::string(whole.size() - length, '\0');
  SimulatedDisk disk(DiskImage{{path, cut}}, length);
  // What was zero before is there still.
  const std::size_t reach = std::min(whole.find_first_not_of('\0', length), whole.size());
  const std::size_t changes = changes_within(sample, reach);
  const std::size_t kept = sample.ends[changes] - sample.ends[0] + kSegmentHeaderBytes;
  const std::string torn = without_zeros_at_end(cut.substr(std::min(kept, cut.size())));
  expect_goes_on(disk, sample, changes);
  if (!torn.empty() && !::testing::Test::HasFailure()) {
    ASSERT_TRUE(is_kept_in(disk.image(), std::string(kStore) + "/cut-", torn));
  }
}

TEST(TruncationAttackTest, ALogWhoseEndWasNeverWrittenIsCutWhereItIsSound) {
  SampleStore sample = one_full_segment(Ending::kClosed);
  const std::size_t size = sample.image.at(sample.segments().front()).size();
  std::uint64_t ends = 0;
  for (std::size_t length = kSegmentHeaderBytes; length <= size; length += stride(127), ++ends) {
    unwrite_from(sample, length);
    ASSERT_FALSE(HasFailure()) << "length " << length;
  }
  report_count("unwritten ends", ends);
}

TEST(TruncationAttackTest, EverySegmentCutOffOrMissingIsNoticed) {
  std::uint64_t truncations = 0;
  for (const Ending ending : {Ending::kClosed, Ending::kCrashed}) {
    const SampleStore sample = several_segments(4, ending);
    for (const std::string& path : sample.segments()) {
      DiskImage missing = sample.image;
      missing.erase(path);
      Judgement judgement = judge(sample, missing);
      EXPECT_EQ(judgement.wrong, "") << "without " << path;
      EXPECT_TRUE(judgement.was_noticed) << "without " << path;
      for (std::size_t length = 0; length < 4096; length += stride(31), ++truncations) {
        DiskImage image = sample.image;
        image.at(path).resize(length);
        judgement = judge(sample, image);
        ASSERT_EQ(judgement.wrong, "") << path << ", length " << length;
        ASSERT_TRUE(judgement.was_noticed) << path << ", length " << length;
      }
    }
  }
  report_count("truncations of one of several segments", truncations);
}

}  // namespace
}  // namespace sorteo::test
