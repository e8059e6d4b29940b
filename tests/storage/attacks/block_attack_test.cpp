// Blocks that a disk writes to the wrong place, writes twice, or forgets to write.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/storage/attacks/attack_scale.hpp"
#include "tests/storage/attacks/damage_judge.hpp"
#include "tests/storage/attacks/sample_store.hpp"

namespace sorteo::test {
namespace {

constexpr std::size_t kBlockSizes[] = {512, 4096};

// Makes the attacks on one sample, and counts them.
class BlockAttack final {
 public:
  BlockAttack(const SampleStore& sample, std::size_t block) : sample_(sample), block_(block) {
    const auto segments = sample.segments();
    segments_.insert(segments.begin(), segments.end());
  }

  std::uint64_t attacks() const noexcept { return attacks_; }

  std::size_t blocks_of(const std::string& path) const {
    return (sample_.image.at(path).size() + block_ - 1) / block_;
  }

  void zero_each() {
    for (const auto& [path, content] : sample_.image) {
      for (std::size_t at = 0; at < blocks_of(path); ++at) {
        DiskImage changed = sample_.image;
        put(changed, path, at, std::string(block_, '\0'));
        expect_noticed(changed, path, "zeroed", at);
      }
    }
  }

  // Every pair of blocks of all files, of which every `step`th.
  void swap_and_repeat_each(std::uint64_t step) {
    std::uint64_t pair = 0;
    for (const auto& [path, content] : sample_.image) {
      for (std::size_t at = 0; at < blocks_of(path); ++at) {
        for (const auto& [other, other_content] : sample_.image) {
          for (std::size_t from = 0; from < blocks_of(other); ++from) {
            if (pair++ % step == 0) {
              swap_and_repeat(path, at, other, from);
            }
          }
        }
      }
    }
  }

  void restore_older_of_each() {
    for (const auto& [path, content] : sample_.image) {
      for (std::size_t at = 0; at < blocks_of(path); ++at) {
        std::set<std::string> tried{block(sample_.image, path, at)};
        for (const DiskImage& earlier : sample_.earlier) {
          if (!earlier.contains(path) || !tried.insert(block(earlier, path, at)).second) {
            continue;
          }
          if (++versions_ % stride(1) != 0) {
            continue;
          }
          DiskImage changed = sample_.image;
          put(changed, path, at, block(earlier, path, at));
          expect_noticed(changed, path, "restored", at);
        }
      }
    }
  }

 private:
  std::string block(const DiskImage& image, const std::string& path, std::size_t at) const {
    const std::string& content = image.at(path);
    return at * block_ < content.size() ? content.substr(at * block_, block_) : std::string();
  }

  // As far as the file goes.
  void put(DiskImage& image, const std::string& path, std::size_t at,
           const std::string& bytes) const {
    std::string& content = image.at(path);
    const std::size_t size = std::min(bytes.size(), content.size() - at * block_);
    content.replace(at * block_, size, bytes, 0, size);
  }

  void swap_and_repeat(const std::string& path, std::size_t at, const std::string& other,
                       std::size_t from) {
    DiskImage changed = sample_.image;
    put(changed, path, at, block(sample_.image, other, from));
    expect_noticed(changed, path, "repeated from " + other, at);
    if (path < other || (path == other && at < from)) {
      put(changed, other, from, block(sample_.image, path, at));
      expect_noticed(changed, path, "swapped with " + other, at);
    }
  }

  void expect_noticed(const DiskImage& changed, const std::string& path, const std::string& what,
                      std::size_t at) {
    if (changed == sample_.image || ::testing::Test::HasFailure()) {
      return;
    }
    ++attacks_;
    const bool is_log = std::any_of(changed.begin(), changed.end(), [this](const auto& file) {
      return segments_.contains(file.first) && file.second != sample_.image.at(file.first);
    });
    const Judgement judgement = judge(sample_, changed);
    EXPECT_EQ(judgement.wrong, "") << path << ", block " << at << " of " << block_ << ", " << what;
    EXPECT_TRUE(judgement.was_noticed || !is_log)
        << path << ", block " << at << " of " << block_ << ", " << what;
  }

  const SampleStore& sample_;
  const std::size_t block_;
  std::set<std::string> segments_;
  std::uint64_t versions_ = 0;
  std::uint64_t attacks_ = 0;
};

// Does `attack` to each of the samples, with blocks of each size.
template <typename Attack>
std::uint64_t attack_all(Attack attack) {
  std::uint64_t attacks = 0;
  for (const Ending ending : {Ending::kClosed, Ending::kCrashed}) {
    for (const SampleStore& sample : {one_full_segment(ending), several_segments(4, ending)}) {
      for (const std::size_t block : kBlockSizes) {
        BlockAttack blocks(sample, block);
        attack(blocks);
        attacks += blocks.attacks();
      }
    }
  }
  return attacks;
}

TEST(BlockAttackTest, EveryZeroedBlockIsNoticed) {
  report_count("zeroed blocks", attack_all([](BlockAttack& blocks) { blocks.zero_each(); }));
}

TEST(BlockAttackTest, EverySwappedOrRepeatedBlockIsNoticed) {
  report_count("swapped and repeated blocks",
               attack_all([](BlockAttack& blocks) { blocks.swap_and_repeat_each(stride(31)); }));
}

TEST(BlockAttackTest, EveryOlderVersionOfABlockIsNoticed) {
  report_count("restored blocks",
               attack_all([](BlockAttack& blocks) { blocks.restore_older_of_each(); }));
}

// A disk that forgot everything that it wrote to one file from some moment on.
TEST(BlockAttackTest, EveryOlderVersionOfAFileIsNoticed) {
  std::uint64_t restored = 0;
  for (const Ending ending : {Ending::kClosed, Ending::kCrashed}) {
    const SampleStore sample = several_segments(4, ending);
    const auto segments = sample.segments();
    for (const DiskImage& earlier : sample.earlier) {
      for (const auto& [path, content] : earlier) {
        const auto now = sample.image.find(path);
        if (now == sample.image.end() || now->second == content) {
          continue;
        }
        DiskImage changed = sample.image;
        changed.at(path) = content;
        const Judgement judgement = judge(sample, changed);
        ASSERT_EQ(judgement.wrong, "") << path;
        ASSERT_TRUE(judgement.was_noticed ||
                    std::find(segments.begin(), segments.end(), path) == segments.end())
            << path;
        ++restored;
      }
    }
  }
  report_count("restored files", restored);
}

TEST(BlockAttackTest, ASegmentOfAnotherLogIsNoticed) {
  const SampleStore sample = several_segments(4, Ending::kClosed);
  const SampleStore other = several_segments(4, Ending::kClosed);
  for (const std::string& path : sample.segments()) {
    DiskImage changed = sample.image;
    changed.at(path) = other.image.at(path);
    const Judgement judgement = judge(sample, changed);
    EXPECT_EQ(judgement.wrong, "") << path;
    EXPECT_TRUE(judgement.was_noticed) << path;
  }
}

}  // namespace
}  // namespace sorteo::test
