// Everything that can happen to a small log, one thing after the other, exhaustively.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <functional>

#include "storage/file_bet_store.hpp"
#include "storage/stored_bets.hpp"
#include "storage/witness.hpp"
#include "tests/storage/file_bet_store_fixture.hpp"
#include "tests/storage/log_image.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo::test {
namespace {

constexpr char kLog[] = "bets/bets-0000000001.log";
constexpr char kWitness[] = "bets/durable";
using Lines = std::vector<std::string>;

const Lines kBatches{"1: Ana", "2: Eva Luz", "3: Sol", "1: Paz", "2: Mar"};

// Four groups; the third one holds two batches.
LogImage image() {
  return LogImage()
      .batch(1, {"Ana"})
      .batch(2, {"Eva", "Luz"})
      .group({TestBatch(3, {"Sol"}), TestBatch(1, {"Paz"})})
      .batch(2, {"Mar"});
}
constexpr std::size_t kProven = 4;  // batches that a later record says were durable

bool is_prefix(const Lines& part, const Lines& whole) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

struct Found {
  bool damaged = false;
  Lines batches;
};

// A witness that says what `claim` says.
std::string witness_of(const LogClaim& claim) {
  std::string bytes(kWitnessBytes, '\0');
  const auto testimony = encode_testimony({kLogId, 1, claim.end, claim.previous, claim.is_last});
  return bytes.replace(0, testimony.size(), as_text(testimony));
}

// What a store finds in a log with these bytes, and that witness, if one is given.
Found find(const std::string& bytes, const std::string& witness = {}) {
  FakeFileSystem disk;
  disk.set_content(kLog, filled_up(bytes));
  if (!witness.empty()) {
    disk.set_content(kWitness, witness);
  }
  BatchLister lister;
  const auto summary = read_store(disk, "bets", &lister);
  return {summary.has_error(), lister.seen};
}

// Whatever was done to the bytes: never a wrong bet, and never a proven one lost without an error.
void expect_noticed(const std::string& bytes, std::size_t proven, const std::string& what,
                    const std::string& witness = {}) {
  const Found found = find(bytes, witness);
  EXPECT_TRUE(is_prefix(found.batches, kBatches)) << what;
  EXPECT_TRUE(found.damaged || found.batches.size() >= proven) << what;
}

std::unique_ptr<FileBetStore> open(const FakeFileSystem& disk, Log& log) {
  auto store = FileBetStore::open(small_store("bets"), log, disk);
  return store.has_value() ? std::move(*store) : nullptr;
}

TEST(StoreTortureTest, EveryTruncationIsRecoveredFromAppendedToAndReopened) {
  const LogImage log = image();
  RecordingLog lines;
  for (std::size_t size = 0; size <= log.bytes().size(); ++size) {
    FakeFileSystem disk;
    disk.set_content(
        kLog,
        filled_up(log.bytes()).replace(size, std::string::npos, LogImage::kCapacity - size, '\0'));
    auto store = open(disk, lines);
    ASSERT_EQ(store != nullptr, size >= kSegmentHeaderBytes) << size;
    if (store == nullptr) {
      continue;
    }
    std::size_t whole = 0;
    while (whole < kBatches.size() && log.offsets()[whole + 1] <= size) {
      ++whole;
    }
    ASSERT_EQ(store->recovered().batches, whole) << size;
    append(*store, 9, {"New"});
    store.reset();
    store = open(disk, lines);
    ASSERT_NE(store, nullptr) << size;
    Lines expected(kBatches.begin(), kBatches.begin() + static_cast<std::ptrdiff_t>(whole));
    expected.push_back("9: New");
    ASSERT_EQ(bets_in(*store), expected) << size;
  }
}

TEST(StoreTortureTest, EveryFlippedBitIsNoticed) {
  const std::string sound = image().bytes();
  for (std::size_t bit = 0; bit < 8 * sound.size(); ++bit) {
    std::string bytes = sound;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    expect_noticed(bytes, kProven, "bit " + std::to_string(bit));
  }
}

TEST(StoreTortureTest, EveryFlippedBitOfAWitnessedLogIsDamage) {
  const std::string sound = filled_up(image().bytes());
  const std::string witness = witness_of(image().claim(true));
  for (std::size_t bit = 0; bit < 8 * sound.size(); ++bit) {
    std::string bytes = sound;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    ASSERT_TRUE(find(bytes, witness).damaged) << bit;
  }
}

TEST(StoreTortureTest, EveryZeroedSwappedOrRepeatedBlockOfAWitnessedLogIsDamage) {
  constexpr std::size_t kBlock = 32;
  const std::string sound = filled_up(image().bytes());
  const std::string witness = witness_of(image().claim());
  const std::size_t blocks = image().bytes().size() / kBlock + 2;
  for (std::size_t a = 0; a < blocks; ++a) {
    for (std::size_t b = 0; b < blocks; ++b) {
      const std::string which = std::to_string(a) + " and " + std::to_string(b);
      std::string changed = sound;
      changed.replace(b * kBlock, kBlock, sound, a * kBlock, kBlock);
      expect_noticed(changed, kBatches.size(), "repeated " + which, witness);
      changed.replace(a * kBlock, kBlock, sound, b * kBlock, kBlock);
      expect_noticed(changed, kBatches.size(), "swapped " + which, witness);
    }
    std::string zeroed = sound;
    zeroed.replace(a * kBlock, kBlock, kBlock, '\0');
    expect_noticed(zeroed, kBatches.size(), "zeroed " + std::to_string(a), witness);
  }
}

TEST(StoreTortureTest, EverySubsetOfTheSectorsOfTheLastGroupIsATornTail) {
  const LogImage before = LogImage().batch(1, {"Ana"}).batch(2, {"Eva", "Luz"});
  const std::string old = before.bytes();
  const LogImage log =
      LogImage()
          .batch(1, {"Ana"})
          .batch(2, {"Eva", "Luz"})
          .group({TestBatch(3, {"Sol"}), TestBatch(1, {"Paz"}), TestBatch(2, {"Mar"})});
  constexpr std::size_t kSector = 32;
  const std::size_t sectors = (log.bytes().size() - old.size() + kSector - 1) / kSector;
  ASSERT_LT(sectors, 14U);
  for (unsigned survive = 0; survive < 1U << sectors; ++survive) {
    std::string bytes = log.bytes();
    for (std::size_t sector = 0; sector < sectors; ++sector) {
      const std::size_t at = old.size() + sector * kSector;
      const std::size_t size = std::min(kSector, bytes.size() - at);
      if ((survive >> sector & 1U) == 0) {
        bytes.replace(at, size, size, '\0');
      }
    }
    const Found found = find(bytes);
    ASSERT_FALSE(found.damaged) << survive;
    ASSERT_TRUE(is_prefix(found.batches, kBatches)) << survive;
    ASSERT_GE(found.batches.size(), 2U) << survive;
  }
}

// A store's whole life, on a disk whose `nth` call fails. Says what was acknowledged.
Lines live(const FakeFileSystem& disk, Log& log) {
  Lines acknowledged;
  for (int life = 0; life < 2; ++life) {
    const auto store = open(disk, log);
    if (store == nullptr) {
      continue;
    }
    for (const std::string name : {"Ana", "Luz", "Sol"}) {
      const std::string text = std::to_string(life) + name;
      if (!append(*store, 1, {text})) {
        acknowledged.push_back("1: " + text);
      }
    }
    if (life == 1 && !finish(*store, 1)) {
      acknowledged.push_back("finish");
    }
    bets_in(*store);
  }
  return acknowledged;
}

// Everything that was acknowledged is in `disk`, in order, and nothing else than what was asked
// for.
void expect_kept(const FakeFileSystem& disk, Log& log, const Lines& acknowledged,
                 const std::string& what) {
  const auto store = open(disk, log);
  ASSERT_NE(store, nullptr) << what;
  Lines stored = bets_in(*store);
  if (!store->recovered().finished.empty()) {
    stored.push_back("finish");
  }
  const Lines asked{"1: 0Ana", "1: 0Luz", "1: 0Sol", "1: 1Ana", "1: 1Luz", "1: 1Sol", "finish"};
  EXPECT_TRUE(std::includes(stored.begin(), stored.end(), acknowledged.begin(), acknowledged.end()))
      << what;
  EXPECT_TRUE(std::includes(asked.begin(), asked.end(), stored.begin(), stored.end())) << what;
}

TEST(StoreTortureTest, EveryCallToTheSystemMayFail) {
  int tried = 0;
  for (const int error : {EIO, ENOSPC, EINTR}) {
    for (const int times : {1, FakeFileSystem::kForGood}) {
      bool failed = true;
      for (int n = 1; failed; ++n, ++tried) {
        const std::string what = "call " + std::to_string(n) + ", errno " + std::to_string(error) +
                                 (times == 1 ? " once" : " for good");
        FakeFileSystem disk;
        RecordingLog log;
        disk.fail_nth(n, error, times);
        const Lines acknowledged = live(disk, log);
        failed = times == 1 ? !disk.has_failure_left() : acknowledged.size() < 7;
        disk.fail_nth(1, 0, 0);
        FakeFileSystem after_power_cut;
        after_power_cut.set_contents(disk.durable_contents());
        expect_kept(after_power_cut, log, acknowledged, what + ", power cut");
        expect_kept(disk, log, acknowledged, what);
        ASSERT_LT(n, 1000) << "the failures never end";
      }
    }
  }
  EXPECT_GT(tried, 150);
}

}  // namespace
}  // namespace sorteo::test
