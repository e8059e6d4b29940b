// A store whose files were changed is repaired, and goes on with what was sound.

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

// How many changes end before byte `byte` of that segment.
std::size_t changes_before(const SampleStore& sample, const std::string& path, std::size_t byte) {
  const auto header = decode_segment_header(as_bytes(sample.image.at(path)));
  const std::uint64_t limit = header.has_value() ? header->base + byte : 0;
  const auto behind = std::upper_bound(sample.ends.begin(), sample.ends.end(), limit);
  return behind == sample.ends.begin() ? 0
                                       : static_cast<std::size_t>(behind - sample.ends.begin()) - 1;
}

// Whether every byte of the segments in `before` is still somewhere in `after`: in its place, or in
// a file that the repair has made.
bool keeps_all_bytes(const SampleStore& sample, const DiskImage& before, const DiskImage& after,
                     const std::string& moved_to) {
  std::string all_moved;
  for (const auto& [path, content] : after) {
    if (path.starts_with(moved_to)) {
      all_moved += content;
    }
  }
  const auto segments = sample.segments();
  return std::all_of(segments.begin(), segments.end(), [&](const std::string& path) {
    const std::string& old = before.at(path);
    const std::string& now = after.contains(path) ? after.at(path) : std::string();
    const auto same = std::mismatch(old.begin(), old.end(), now.begin(), now.end());
    const std::size_t end = old.find_last_not_of('\0') + 1;
    const auto from = static_cast<std::size_t>(same.first - old.begin());
    return from >= end || all_moved.find(old.substr(from, end - from)) != std::string::npos;
  });
}

// The store has those first changes of the sample, and goes on.
void expect_goes_on(SimulatedDisk& disk, const SampleStore& sample, std::size_t changes) {
  StoreHistory history = sample.history;
  history.cut_to(changes);
  StoreDriver driver(disk, sample.options);
  driver.adopt(std::move(history));
  for (int life = 0; life < 2; ++life) {
    const auto failure = driver.open();
    ASSERT_FALSE(failure) << failure->message;
    driver.resend_all();
    driver.append(9, {"New" + std::to_string(life)});
    driver.pump_all();
    driver.cut_power();
  }
  ASSERT_FALSE(driver.open());
  ASSERT_EQ(driver.complaints(), "");
}

void flip_and_repair(const SampleStore& sample, const std::string& path, std::size_t byte) {
  DiskImage image = sample.image;
  image.at(path).at(byte) = static_cast<char>(image.at(path).at(byte) ^ 0x10);
  SimulatedDisk disk(image, byte);
  const auto repaired = repair_store(disk.files(), kStore, {RepairAction::kCut, {}});
  ASSERT_TRUE(repaired.has_value()) << repaired.error().message;
  disk.cut_power();
  if (!repaired->damage) {
    // Something stands behind the end of the log, and nobody can say that it was ever part of it.
    expect_goes_on(disk, sample, sample.history.size());
    return;
  }
  ASSERT_TRUE(keeps_all_bytes(sample, image, disk.image(), repaired->moved_to));
  const std::size_t end = sample.image.at(path).find_last_not_of('\0') + 1;
  const std::size_t sound = changes_before(sample, path, std::min(byte, end));
  expect_goes_on(disk, sample, sound);
}

TEST(RepairAttackTest, AFlippedBitCostsWhatStandsBehindItAndNothingBefore) {
  std::uint64_t repairs = 0;
  for (const Ending ending : {Ending::kClosed, Ending::kCrashed}) {
    const SampleStore sample = several_segments(3, ending, Lottery::kGoesOn);
    for (const std::string& path : sample.segments()) {
      for (std::size_t byte = 0; byte < sample.image.at(path).size();
           byte += stride(41), ++repairs) {
        flip_and_repair(sample, path, byte);
        ASSERT_FALSE(HasFailure()) << path << ", byte " << byte;
      }
    }
  }
  report_count("repairs", repairs);
}

TEST(RepairAttackTest, ASoundStoreIsLeftAsItIs) {
  for (const Ending ending : {Ending::kClosed, Ending::kCrashed}) {
    const SampleStore sample = several_segments(3, ending);
    for (const auto action :
         {RepairAction::kReport, RepairAction::kCut, RepairAction::kDropCheckpoint}) {
      SimulatedDisk disk(sample.image, 0);
      const auto repaired = repair_store(disk.files(), kStore, {action, {}});
      ASSERT_TRUE(repaired.has_value()) << repaired.error().message;
      EXPECT_FALSE(repaired->damage);
      EXPECT_EQ(disk.image(), sample.image);
    }
  }
}

TEST(RepairAttackTest, AReportChangesNothing) {
  const SampleStore sample = several_segments(3, Ending::kCrashed);
  for (const std::string& path : sample.segments()) {
    for (std::size_t byte = 0; byte < 4096; byte += stride(211)) {
      DiskImage image = sample.image;
      image.at(path).at(byte) = static_cast<char>(image.at(path).at(byte) ^ 1);
      SimulatedDisk disk(image, 0);
      const auto report = repair_store(disk.files(), kStore, {RepairAction::kReport, {}});
      ASSERT_TRUE(report.has_value()) << report.error().message;
      DiskImage after = disk.image();
      after.erase(std::string(kStore) + "/LOCK");
      image.erase(std::string(kStore) + "/LOCK");
      ASSERT_EQ(after, image) << path << ", byte " << byte;
    }
  }
}

// The files beside the log are those of another store.
TEST(RepairAttackTest, FilesOfAnotherLogAreNoticedAndDropped) {
  const SampleStore sample = several_segments(3, Ending::kClosed, Lottery::kGoesOn);
  const SampleStore other = several_segments(4, Ending::kClosed, Lottery::kGoesOn);
  for (const std::string name : {"checkpoint", "durable"}) {
    const std::string path = std::string(kStore) + "/" + name;
    DiskImage image = sample.image;
    image.at(path) = other.image.at(path);
    const Judgement judgement = judge(sample, image);
    EXPECT_EQ(judgement.wrong, "") << name;
    EXPECT_TRUE(judgement.was_noticed) << name;
    SimulatedDisk disk(image, 0);
    const auto repaired = repair_store(disk.files(), kStore, {RepairAction::kDropCheckpoint, {}});
    ASSERT_TRUE(repaired.has_value()) << name << ": " << repaired.error().message;
    disk.cut_power();
    expect_goes_on(disk, sample, sample.history.size());
    ASSERT_FALSE(HasFailure()) << name;
  }
}

}  // namespace
}  // namespace sorteo::test
