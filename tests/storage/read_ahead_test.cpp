// What is read ahead makes no difference, whatever stands in the log: log_scan_test and the attacks
// read each damaged log in both ways. Here is what only the reading ahead does.

#include "storage/read_ahead.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <new>
#include <utility>

#include "storage/log_scan.hpp"
#include "storage/segment_file.hpp"
#include "tests/storage/log_image.hpp"

namespace sorteo::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kSegment[] = "log/bets-0000000001.log";
constexpr std::size_t kBlock = 4096;
constexpr std::size_t kBatches = 5000;
constexpr ReadAheadOptions kTwoThreads{.threads = 2, .block_bytes = kBlock};

LogImage many_records() {
  LogImage log(kLogId, 1024 * 1024);
  const TestBatch batch(1, {"Ana", "Luz"});
  return log.group(std::vector<TestBatch>(kBatches, batch));
}

class ReadAheadTest : public ::testing::Test {
 protected:
  // Opens a log with these bytes.
  void open(const std::string& bytes) {
    disk_.set_content(kSegment, filled_up(bytes));
    segment_.emplace(*open_segment(disk_, "log", 1, FileSystem::Open::kRead));
  }

  void start(ReadAhead& ahead, std::uint64_t from = kSegmentHeaderBytes) {
    ahead.start({segment_->file.get(), 0, kLogId, from, segment_->end()});
  }

  // How many records it knows, one behind the other.
  std::size_t count(ReadAhead& ahead) {
    std::uint64_t at = kSegmentHeaderBytes;
    std::size_t records = 0;
    while (const auto record = ahead.at(at)) {
      at += record->size();
      ++records;
    }
    return records;
  }

  FakeFileSystem disk_;
  std::optional<SegmentFile> segment_;
};

TEST_F(ReadAheadTest, KnowsEveryRecord) {
  open(many_records().bytes());
  ReadAhead ahead(kTwoThreads, nullptr);
  start(ahead);
  EXPECT_EQ(count(ahead), kBatches);
  EXPECT_FALSE(ahead.is_started());
}

TEST_F(ReadAheadTest, StopsBeforeAWrongChecksum) {
  const LogImage log = many_records();
  std::string bytes = log.bytes();
  bytes[log.offsets()[3210] + kRecordHeaderBytes + 20] ^= 1;
  open(bytes);
  ReadAhead ahead(kTwoThreads, nullptr);
  start(ahead);
  EXPECT_EQ(count(ahead), 3210U);
}

TEST_F(ReadAheadTest, StopsWhereNoRecordBegins) {
  const LogImage log = many_records();
  std::string bytes = log.bytes();
  bytes[log.offsets()[3210] + kRecordMagicAt] ^= 1;
  open(bytes);
  ReadAhead ahead(kTwoThreads, nullptr);
  start(ahead);
  EXPECT_EQ(count(ahead), 3210U);
}

TEST_F(ReadAheadTest, StopsWhenTheSystemCannotRead) {
  open(many_records().bytes());
  disk_.fail_nth(5, EIO, FakeFileSystem::kForGood);
  ReadAhead ahead(kTwoThreads, nullptr);
  start(ahead);
  EXPECT_LT(count(ahead), kBatches);
  EXPECT_FALSE(ahead.at(kSegmentHeaderBytes));
}

TEST_F(ReadAheadTest, KnowsNothingOfAnotherPlaceThanTheNext) {
  const LogImage log = many_records();
  open(log.bytes());
  ReadAhead ahead(kTwoThreads, nullptr);
  start(ahead);
  EXPECT_FALSE(ahead.at(log.offsets()[3210]));
  EXPECT_FALSE(ahead.is_started());
  start(ahead, log.offsets()[3210]);
  EXPECT_TRUE(ahead.at(log.offsets()[3210]));
}

TEST_F(ReadAheadTest, FindsTheRecordsOfAnySizeOfBlocks) {
  const LogImage log = many_records();
  open(log.bytes());
  const auto record = static_cast<std::size_t>(log.offsets()[1] - log.offsets()[0]);
  // So that records, and their headers, stand over the edges of blocks in every way.
  for (std::size_t block = record; block < 2 * record + 2; ++block) {
    ReadAhead ahead({.threads = 1, .block_bytes = block}, nullptr);
    start(ahead);
    ASSERT_EQ(count(ahead), kBatches) << block;
  }
}

TEST_F(ReadAheadTest, MagicWithinABetIsNoRecord) {
  LogImage log(kLogId, 64 * 1024);
  const std::string name = std::string(40, 'x') + std::string(kRecordMagic) + std::string(40, 'x');
  log.group(std::vector<TestBatch>(100, TestBatch(1, {name})));
  open(log.bytes());
  for (std::size_t block = 250; block < 500; block += 7) {
    ReadAhead ahead({.threads = 1, .block_bytes = block}, nullptr);
    start(ahead);
    ASSERT_EQ(count(ahead), 100U) << block;
  }
}

TEST_F(ReadAheadTest, DoesNotBeginForLessThanABlock) {
  const LogImage log = many_records();
  open(log.bytes());
  ReadAhead ahead(kTwoThreads, nullptr);
  ahead.start(
      {segment_->file.get(), 0, kLogId, kSegmentHeaderBytes, kSegmentHeaderBytes + kBlock - 1});
  EXPECT_FALSE(ahead.is_started());
}

TEST_F(ReadAheadTest, IsNeverMoreThanTwoBlocksAThreadAhead) {
  open(many_records().bytes());
  const std::size_t reads_before = disk_.count(FakeFileSystem::Op::kRead);
  ReadAhead ahead(kTwoThreads, nullptr);
  start(ahead);
  // Each of the six blocks takes one read, and another one for the rest of its last record.
  ASSERT_TRUE(disk_.await_count(FakeFileSystem::Op::kRead, reads_before + 6));
  ASSERT_TRUE(ahead.at(kSegmentHeaderBytes));
  ahead.stop();
  EXPECT_LE(disk_.count(FakeFileSystem::Op::kRead), reads_before + 12);
}

TEST_F(ReadAheadTest, StopsInTheMidst) {
  open(many_records().bytes());
  ReadAhead ahead(kTwoThreads, nullptr);
  for (int i = 0; i < 50; ++i) {
    start(ahead);
    EXPECT_TRUE(ahead.at(kSegmentHeaderBytes));
    ahead.stop();
    EXPECT_EQ(ahead.block(), nullptr);
  }
  start(ahead);
  EXPECT_EQ(count(ahead), kBatches);
}

TEST_F(ReadAheadTest, PartsSeeTheBatchesOfTheBlock) {
  open(many_records().bytes());
  PartLister parts;
  ReadAhead ahead(kTwoThreads, &parts);
  start(ahead);
  const auto first = ahead.at(kSegmentHeaderBytes);
  ASSERT_TRUE(first);
  ASSERT_NE(ahead.block()->part(), nullptr);
  parts.take(*ahead.block()->part());
  EXPECT_EQ(parts.seen.size(), ahead.block()->records().size() / first->size());
  EXPECT_THAT(parts.seen, ::testing::Each("1: Ana Luz"));
}

// Parts of which one runs out of memory once, while it reads ahead.
class ShortOfMemoryOnce final : public PartVisitor {
 public:
  std::unique_ptr<BatchPart> make_part() override { return std::make_unique<Part>(adds_); }

  bool take(BatchPart& part) override {
    seen += std::exchange(static_cast<Part&>(part).seen, 0);
    return true;
  }

  std::size_t seen = 0;  // batches

 private:
  static constexpr std::size_t kFailing = 1234;

  class Part final : public BatchPart {
   public:
    explicit Part(std::atomic<std::size_t>& adds) : adds_(adds) {}

    void add(const Batch&) override {
      if (++adds_ == kFailing) {
        throw std::bad_alloc();
      }
      ++seen;
    }

    std::size_t seen = 0;

   private:
    std::atomic<std::size_t>& adds_;
  };

  std::atomic<std::size_t> adds_ = 0;
};

TEST_F(ReadAheadTest, PartThatRunsOutOfMemoryOnceLosesAndDoublesNothing) {
  open(many_records().bytes());
  ShortOfMemoryOnce parts;
  ScanOptions options;
  options.cursor.parts = &parts;
  options.cursor.read_ahead = kTwoThreads;
  LogScanner scanner(disk_, "log", {}, {}, std::move(options));
  EXPECT_FALSE(scanner.run());
  EXPECT_EQ(parts.seen, kBatches);
}

// A scan by which a record is met that no block holds.
TEST(ReadAheadScanTest, RecordsLargerThanABlockAreReadInTheirTurn) {
  LogImage log(kLogId, 64 * 1024);
  std::string expected;
  for (int i = 0; i < 20; ++i) {
    log.batch(1, {"Ana"}).batch(2, std::vector<std::string>(30, "Luz"));
  }
  EXPECT_THAT(scan(log.bytes()), Not(HasSubstr("read ahead")));
  EXPECT_THAT(scan(log.bytes()), HasSubstr("1: Ana; 2: Luz Luz"));
}

// Even if whoever sent the batch knew all that stands in the header of a record.
TEST(ReadAheadScanTest, SoundRecordWithinABatchIsNoRecord) {
  constexpr std::size_t kAt = 320;  // in the second block
  const TestBatch forged(9, {"Eva"});
  std::vector<std::byte> record(batch_record_size(forged.view()));
  encode_batch_record(record, forged.view());
  seal_record(record, {kLogId, kAt, kSegmentHeaderBytes, 0});
  const std::size_t before = kSegmentHeaderBytes + kRecordHeaderBytes + kIdentityBytes;
  const std::string content = std::string(kAt - before, 'x') + std::string(as_text(record));
  IdentifiedBatch outer;
  outer.agency = 1;
  outer.session = session_id(1);
  outer.sequence = 1;
  outer.bets = 1;
  outer.content = as_bytes(content);
  LogImage log;
  log.once(outer, 0).batch(2, {"Ana"}).batch(3, {"Luz"}).batch(4, {"Ana"});
  EXPECT_EQ(scan(log.bytes()), "1: (a wrong count); 2: Ana; 3: Luz; 4: Ana");
}

TEST(ReadAheadScanTest, FlippedBitAnywhereMakesNoDifference) {
  LogImage log;
  for (int i = 0; i < 6; ++i) {
    log.batch(1, {"Ana"}).batch(2, {"Eva", "Luz"});
  }
  const std::string sound = log.bytes();
  const std::string sound_scan = scan(sound);
  for (std::size_t at = kSegmentHeaderBytes; at < sound.size(); ++at) {
    std::string bytes = sound;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << at % 8));
    const std::string text = scan(bytes);
    ASSERT_NE(text, sound_scan) << at;
    ASSERT_THAT(text, Not(HasSubstr("read ahead"))) << at;
  }
}

}  // namespace
}  // namespace sorteo::test
