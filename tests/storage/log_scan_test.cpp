// Every way in which a log can be damaged, and what is made of it: a torn tail is a clean end,
// damage to what may have been acknowledged is an error, and the two are never confused.

#include "storage/log_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/file_window.hpp"
#include "storage/log_header.hpp"
#include "storage/log_reader.hpp"
#include "storage/log_record.hpp"
#include "tests/storage/log_image.hpp"

namespace sorteo::test {
namespace {

using ::testing::HasSubstr;

// Three groups of one batch each: a later one shows that an earlier one was durable.
LogImage three() { return LogImage().batch(1, {"Ana"}).batch(2, {"Eva", "Luz"}).batch(3, {"Sol"}); }

std::string flipped(std::string bytes, std::uint64_t at) {
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  return bytes;
}

std::string torn(std::uint64_t at, std::uint64_t bytes) {
  return "torn at " + std::to_string(at) + ", " + std::to_string(bytes) + " bytes";
}

std::string damaged_record(const LogImage& log, std::size_t record) {
  return "damaged at " + std::to_string(log.offsets()[record - 1]) + ", record " +
         std::to_string(record);
}

TEST(LogScanTest, EmptyLogIsEmpty) { EXPECT_EQ(scan(LogImage().bytes()), ""); }

TEST(LogScanTest, ReadsEveryRecord) {
  EXPECT_EQ(scan(three().bytes()), "1: Ana; 2: Eva Luz; 3: Sol");
}

TEST(LogScanTest, SumsUpWhatTheRecordsSay) {
  FakeFileSystem disk;
  disk.set_content(
      "log", LogImage().batch(1, {"Ana", "Luz"}).finish(1).finish(2).draw(7574).mark().bytes());
  const auto file = disk.open("log", FileSystem::Open::kRead);
  const auto result = scan_log(**file, "log", nullptr);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->summary.state, (StoreState{1, 2, {1, 2}, 7574}));
  EXPECT_EQ(result->summary.records, 5U);
  EXPECT_EQ(result->summary.log_bytes, disk.content("log").size());
  EXPECT_EQ(result->end.offset, disk.content("log").size());
  EXPECT_TRUE(result->end.is_marked);
}

// The end of the log.

TEST(LogScanTest, LastRecordCutAtAnyByteIsATornTail) {
  const LogImage log = three();
  const std::uint64_t last = log.offsets()[2];
  for (std::uint64_t size = last + 1; size < log.bytes().size(); ++size) {
    EXPECT_EQ(scan(log.bytes().substr(0, size)), "1: Ana; 2: Eva Luz; " + torn(last, size - last));
  }
}

TEST(LogScanTest, CutBetweenRecordsIsACleanEnd) {
  const LogImage log = three();
  EXPECT_EQ(scan(log.bytes().substr(0, log.offsets()[2])), "1: Ana; 2: Eva Luz");
}

TEST(LogScanTest, ZerosAfterTheEndAreATornTail) {
  const LogImage log = three();
  EXPECT_EQ(scan(log.bytes() + std::string(5000, '\0')),
            "1: Ana; 2: Eva Luz; 3: Sol; " + torn(log.bytes().size(), 5000));
}

TEST(LogScanTest, GarbageAfterTheEndIsATornTail) {
  const LogImage log = three();
  EXPECT_EQ(scan(log.bytes() + "\xFE"
                               "BETtelgeuse"),
            "1: Ana; 2: Eva Luz; 3: Sol; " + torn(log.bytes().size(), 12));
}

TEST(LogScanTest, MoreThanAWindowOfGarbageIsATornTail) {
  const LogImage log = three();
  std::string garbage;
  while (garbage.size() < 3 * FileWindow::kChunk) {
    garbage +=
        "\xFE"
        "BET and more of it";
  }
  EXPECT_EQ(scan(log.bytes() + garbage),
            "1: Ana; 2: Eva Luz; 3: Sol; " + torn(log.bytes().size(), garbage.size()));
}

TEST(LogScanTest, FlippedBitInTheLastRecordIsATornTail) {
  const LogImage log = three();
  EXPECT_EQ(scan(flipped(log.bytes(), log.offsets()[2] + 60)),
            "1: Ana; 2: Eva Luz; " + torn(log.offsets()[2], log.record(2).size()));
}

TEST(LogScanTest, LengthPastTheEndInTheLastRecordIsATornTail) {
  const LogImage log = three();
  EXPECT_EQ(scan(flipped(log.bytes(), log.offsets()[2] + 18)),
            "1: Ana; 2: Eva Luz; " + torn(log.offsets()[2], log.record(2).size()));
}

TEST(LogScanTest, LastGroupWrittenOutOfOrderIsATornTail) {
  const auto log = LogImage().batch(1, {"Ana"});
  auto more = LogImage()
                  .batch(1, {"Ana"})
                  .group({TestBatch(2, {"Eva"}), TestBatch(2, {"Luz"}), TestBatch(2, {"Sol"})});
  std::string bytes = more.bytes();
  bytes.replace(more.offsets()[1], more.record(1).size(), more.record(1).size(), '\0');
  EXPECT_EQ(scan(bytes),
            "1: Ana; " + torn(log.bytes().size(), more.bytes().size() - log.bytes().size()));
}

TEST(LogScanTest, HoleInTheMiddleOfTheLastGroupIsATornTail) {
  const auto log =
      LogImage()
          .batch(1, {"Ana"})
          .group({TestBatch(2, {"Eva"}), TestBatch(2, {"Luz"}), TestBatch(2, {"Sol"})});
  std::string bytes = log.bytes();
  bytes.replace(log.offsets()[2], log.record(2).size(), log.record(2).size(), '\0');
  EXPECT_EQ(scan(bytes),
            "1: Ana; 2: Eva; " + torn(log.offsets()[2], bytes.size() - log.offsets()[2]));
}

// Before the end of the log.

TEST(LogScanTest, FlippedBitInTheFirstRecordIsDamage) {
  const LogImage log = three();
  EXPECT_EQ(scan(flipped(log.bytes(), 80)), damaged_record(log, 1));
}

TEST(LogScanTest, FlippedBitInTheMiddleIsDamage) {
  const LogImage log = three();
  EXPECT_EQ(scan(flipped(log.bytes(), log.offsets()[1] + 60)), "1: Ana; " + damaged_record(log, 2));
}

TEST(LogScanTest, FlippedBitInTheMagicIsDamage) {
  const LogImage log = three();
  EXPECT_EQ(scan(flipped(log.bytes(), log.offsets()[1] + 9)), "1: Ana; " + damaged_record(log, 2));
}

TEST(LogScanTest, FlippedBitInTheLengthIsDamage) {
  const LogImage log = three();
  for (const std::uint64_t at : {16, 17, 18, 19}) {
    EXPECT_EQ(scan(flipped(log.bytes(), log.offsets()[1] + at)),
              "1: Ana; " + damaged_record(log, 2));
  }
}

TEST(LogScanTest, FlippedBitBeforeAMarkIsDamage) {
  const auto log = three().mark();
  EXPECT_EQ(scan(flipped(log.bytes(), log.offsets()[2] + 60)),
            "1: Ana; 2: Eva Luz; " + damaged_record(log, 3));
}

TEST(LogScanTest, FlippedBitInAMarkIsATornTail) {
  const auto log = three().mark();
  EXPECT_EQ(scan(flipped(log.bytes(), log.offsets()[3] + 40)),
            "1: Ana; 2: Eva Luz; 3: Sol; " + torn(log.offsets()[3], 44));
}

TEST(LogScanTest, ZeroedRecordInTheMiddleIsDamage) {
  const LogImage log = three();
  std::string bytes = log.bytes();
  bytes.replace(log.offsets()[1], log.record(1).size(), log.record(1).size(), '\0');
  EXPECT_EQ(scan(bytes), "1: Ana; " + damaged_record(log, 2));
}

TEST(LogScanTest, MissingRecordIsDamage) {
  const LogImage log = three().mark();
  std::string bytes = log.bytes();
  bytes.erase(log.offsets()[1], log.record(1).size());
  EXPECT_EQ(scan(bytes), "1: Ana; " + damaged_record(log, 2));
}

TEST(LogScanTest, SwappedRecordsAreDamage) {
  const LogImage log = LogImage().batch(1, {"Ana"}).batch(2, {"Eva"}).batch(3, {"Sol"});
  const std::string bytes =
      log.bytes().substr(0, log.offsets()[0]) + log.record(1) + log.record(0) + log.record(2);
  EXPECT_EQ(scan(bytes), damaged_record(log, 1));
}

TEST(LogScanTest, RepeatedRecordIsDamage) {
  const LogImage log = LogImage().batch(1, {"Ana"}).batch(2, {"Eva"}).batch(3, {"Sol"});
  std::string bytes = log.bytes();
  bytes.replace(log.offsets()[1], log.record(1).size(), log.record(0));
  EXPECT_EQ(scan(bytes), "1: Ana; " + damaged_record(log, 2));
}

TEST(LogScanTest, RecordRepeatedAtTheEndIsATornTail) {
  const LogImage log = three();
  EXPECT_EQ(scan(log.bytes() + log.record(2)),
            "1: Ana; 2: Eva Luz; 3: Sol; " + torn(log.bytes().size(), log.record(2).size()));
}

TEST(LogScanTest, RecordThatSaysThatItStandsElsewhereIsNoRecord) {
  const LogImage log = three();
  std::string bytes = log.bytes();
  const auto last = std::as_writable_bytes(std::span(bytes)).subspan(log.offsets()[2]);
  const RecordHeader header = decode_record_header(last);
  seal_record(last, {kLogId, header.offset + 1, header.durable, header.previous});
  EXPECT_EQ(scan(bytes), "1: Ana; 2: Eva Luz; " + torn(log.offsets()[2], last.size()));
}

TEST(LogScanTest, RecordOfAnotherLogIsDamage) {
  const LogImage log = LogImage().batch(1, {"Ana"}).batch(2, {"Eva"}).batch(3, {"Sol"});
  const LogImage other = LogImage(kLogId + 1).batch(1, {"Ana"}).batch(2, {"Eva"});
  std::string bytes = log.bytes();
  bytes.replace(log.offsets()[1], log.record(1).size(), other.record(1));
  EXPECT_EQ(scan(bytes), "1: Ana; " + damaged_record(log, 2));
}

TEST(LogScanTest, RecordsOfAnotherLogProveNothing) {
  const LogImage other = LogImage(kLogId + 1).batch(1, {"Ana"}).batch(2, {"Eva"}).mark();
  std::string bytes = LogImage().bytes() + other.bytes().substr(32);
  EXPECT_EQ(scan(bytes), torn(32, bytes.size() - 32));
}

TEST(LogScanTest, OtherVersionOfARecordIsDamageToIt) {
  // Both versions are sound records of that place; but what follows was chained to the other one.
  const LogImage log = LogImage().batch(1, {"Ana"}).batch(2, {"Eva"});
  const LogImage older = LogImage().batch(1, {"Old"});
  std::string bytes = log.bytes();
  bytes.replace(log.offsets()[0], log.record(0).size(), older.record(0));
  EXPECT_EQ(scan(bytes), "1: Old; " + damaged_record(log, 2));
}

TEST(LogScanTest, OtherVersionInTheLastGroupIsATornTail) {
  const LogImage log =
      LogImage().batch(9, {"Sol"}).group({TestBatch(1, {"Ana"}), TestBatch(2, {"Eva"})});
  const LogImage older = LogImage().batch(9, {"Sol"}).batch(1, {"Old"});
  std::string bytes = log.bytes();
  bytes.replace(log.offsets()[1], log.record(1).size(), older.record(1));
  EXPECT_EQ(scan(bytes), "9: Sol; 1: Old; " + torn(log.offsets()[2], log.record(2).size()));
}

TEST(LogScanTest, ProofFarBehindTheDamageIsFound) {
  const auto log = LogImage()
                       .batch(1, {"Ana"})
                       .batch(2, std::vector<std::string>(20'000, "Eva"))
                       .batch(3, {"Sol"});
  EXPECT_EQ(scan(flipped(log.bytes(), 80)), damaged_record(log, 1));
  EXPECT_EQ(scan(flipped(log.bytes(), log.offsets()[1] + 5000)),
            "1: Ana; " + damaged_record(log, 2));
}

TEST(LogScanTest, ProofIsFoundWhereverItStandsInAWindow) {
  const auto log = LogImage().batch(1, {"Ana"}).batch(2, {"Eva"}).mark();
  const std::uint64_t end = log.offsets()[2];
  // The mark is moved over the edge of a window, byte by byte, as one that was written there.
  for (std::uint64_t shift = 0; shift < 60; ++shift) {
    const std::uint64_t at = log.offsets()[1] + FileWindow::kChunk - 50 + shift;
    std::string mark = log.bytes().substr(end);
    seal_record(std::as_writable_bytes(std::span(mark)), {kLogId, at, at, 0});
    std::string bytes = log.bytes().substr(0, log.offsets()[1]);
    bytes.resize(at, '\0');
    EXPECT_EQ(scan(bytes + mark), "1: Ana; " + damaged_record(log, 2)) << shift;
  }
}

// The header.

TEST(LogScanTest, FlippedBitInTheHeaderIsDamage) {
  for (std::uint64_t at = 0; at < kLogHeaderBytes; ++at) {
    EXPECT_EQ(scan(flipped(three().bytes(), at)), "damaged at 0, header") << at;
  }
}

TEST(LogScanTest, ShortHeaderIsDamage) {
  for (std::uint64_t size = 0; size < kLogHeaderBytes; ++size) {
    EXPECT_EQ(scan(three().bytes().substr(0, size)), "damaged at 0, header") << size;
  }
}

TEST(LogScanTest, FileThatIsNoLogIsDamage) {
  EXPECT_EQ(scan("first_name,last_name,document,birthdate,number\r\n"), "damaged at 0, header");
}

// What a later version of the program may write.

std::string with_byte(const LogImage& log, std::size_t record, std::size_t at, char value) {
  std::string bytes = log.bytes();
  bytes[log.offsets()[record] + at] = value;
  const auto rest = std::as_writable_bytes(std::span(bytes)).subspan(log.offsets()[record]);
  const RecordHeader header = decode_record_header(rest);
  seal_record(rest, {kLogId, header.offset, header.durable, header.previous});
  return bytes;
}

TEST(LogScanTest, UnknownKindOfRecordIsNeitherTornNorDamaged) {
  const LogImage log = LogImage().batch(1, {"Ana"}).batch(2, {"Eva"});
  EXPECT_THAT(scan(with_byte(log, 1, 12, 9)), HasSubstr("does not know"));
  EXPECT_THAT(scan(with_byte(log, 1, 13, 2)), HasSubstr("does not know"));
  EXPECT_THAT(scan(with_byte(log, 1, 15, 1)), HasSubstr("does not know"));
}

TEST(LogScanTest, PayloadThatDoesNotFitItsTypeIsNoRecord) {
  const LogImage log = LogImage().batch(1, {"Ana"}).finish(1);
  EXPECT_EQ(scan(with_byte(log, 1, 12, 4)), "1: Ana; " + torn(log.offsets()[1], 48));
}

TEST(LogScanTest, ReadErrorIsNeitherTornNorDamaged) {
  FakeFileSystem disk;
  disk.set_content("log", three().bytes());
  const auto file = disk.open("log", FileSystem::Open::kRead);
  disk.fail(FakeFileSystem::Op::kRead, EIO, FakeFileSystem::kForGood);
  const auto result = scan_log(**file, "log", nullptr);
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code.value(), EIO);
  EXPECT_EQ(result.error().message, "log, offset 0: cannot read: Input/output error");
}

TEST(LogScanTest, ShortReadsChangeNothing) {
  FakeFileSystem disk;
  disk.set_content("log", three().bytes());
  disk.limit_calls_to(3);
  const auto file = disk.open("log", FileSystem::Open::kRead);
  BatchLister lister;
  EXPECT_TRUE(scan_log(**file, "log", &lister).has_value());
  EXPECT_THAT(lister.seen, ::testing::ElementsAre("1: Ana", "2: Eva Luz", "3: Sol"));
}

TEST(LogReaderTest, HoldsOneWindowHoweverLongTheLogIs) {
  LogImage log;
  const TestBatch hundred(1, std::vector<std::string>(100, "Ana"));
  log.group(std::vector<TestBatch>(2000, hundred));
  ASSERT_GT(log.bytes().size(), 9'000'000U);
  FakeFileSystem disk;
  disk.set_content("log", log.bytes());
  const auto file = disk.open("log", FileSystem::Open::kRead);
  LogReader reader(**file, *read_log_header(**file, "log"), log.bytes().size());
  while (reader.next() == LogReader::Step::kRecord) {
    ASSERT_LE(reader.capacity(), FileWindow::kChunk);
  }
  EXPECT_EQ(reader.count(), 2000U);
}

}  // namespace
}  // namespace sorteo::test
