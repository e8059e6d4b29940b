// Every bit of a store's files, turned over, one at a time.

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/storage/attacks/attack_scale.hpp"
#include "tests/storage/attacks/damage_judge.hpp"
#include "tests/storage/attacks/sample_store.hpp"

namespace sorteo::test {
namespace {

DiskImage flipped(const DiskImage& image, const std::string& path, std::uint64_t bit) {
  DiskImage changed = image;
  char& byte = changed.at(path).at(static_cast<std::size_t>(bit / 8));
  byte = static_cast<char>(byte ^ (1 << bit % 8));
  return changed;
}

std::string place(const std::string& path, std::uint64_t bit) {
  return path + ", bit " + std::to_string(bit % 8) + " of byte " + std::to_string(bit / 8);
}

std::uint64_t bits_of(const std::string& content) { return 8 * std::uint64_t{content.size()}; }

// Flips every `step`th bit of the segment; each flip must be noticed.
std::uint64_t flip_bits_of_the_segment(const SampleStore& sample, std::uint64_t step) {
  const std::string path = sample.segments().front();
  std::uint64_t flips = 0;
  for (std::uint64_t bit = 0; bit < bits_of(sample.image.at(path)); bit += step, ++flips) {
    const Judgement judgement = judge(sample, flipped(sample.image, path, bit));
    EXPECT_EQ(judgement.wrong, "") << place(path, bit);
    EXPECT_TRUE(judgement.was_noticed) << place(path, bit);
    if (::testing::Test::HasFailure()) {
      break;
    }
  }
  return flips;
}

TEST(BitFlipAttackTest, EveryFlippedBitOfAClosedLogIsNoticed) {
  const SampleStore sample = one_full_segment(Ending::kClosed);
  ASSERT_EQ(sample.image.at(sample.segments().front()).size(), 65536U);
  report_count("flips", flip_bits_of_the_segment(sample, stride(61)));
}

TEST(BitFlipAttackTest, EveryFlippedBitOfTheLogOfAKilledProgramIsNoticed) {
  report_count("flips", flip_bits_of_the_segment(one_full_segment(Ending::kCrashed), stride(101)));
}

TEST(BitFlipAttackTest, EveryFlippedBitOfTheFilesBesideTheLogIsNoticedOrHarmless) {
  std::uint64_t flips = 0;
  for (const Ending ending : {Ending::kClosed, Ending::kCrashed}) {
    const SampleStore sample = several_segments(3, ending);
    const auto segments = sample.segments();
    for (const auto& [path, content] : sample.image) {
      if (std::find(segments.begin(), segments.end(), path) != segments.end()) {
        continue;
      }
      for (std::uint64_t bit = 0; bit < bits_of(content); bit += stride(13), ++flips) {
        ASSERT_EQ(judge(sample, flipped(sample.image, path, bit)).wrong, "") << place(path, bit);
      }
    }
  }
  report_count("flips", flips);
}

}  // namespace
}  // namespace sorteo::test
