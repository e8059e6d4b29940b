// Every way in which a log can be damaged, and what is made of it: a torn tail is a clean end,
// damage to what may have been acknowledged is an error, and the two are never confused.

#include "storage/log_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/file_window.hpp"
#include "storage/log_reader.hpp"
#include "storage/log_record.hpp"
#include "storage/segment_header.hpp"
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
  const LogImage log = LogImage().batch(1, {"Ana", "Luz"}).finish(1, 2).finish(2, 0).draw(7574);
  disk.set_content("log/bets-0000000001.log", filled_up(log.bytes()));
  LogScanner scanner(disk, "log", {}, {}, {});
  EXPECT_FALSE(scanner.run());
  const LogScan& scan = scanner.result();
  EXPECT_EQ(scan.ledger.state(), (StoreState{1, 2, {1, 2}, 7574}));
  EXPECT_EQ(scan.ledger.records, 4U);
  EXPECT_EQ(scan.ledger.agencies.at(1).bets, 2U);
  EXPECT_EQ(scan.end, (LogEnd{log.claim().end, log.claim().previous}));
}

// The end of the log.

TEST(LogScanTest, LastRecordCutAtAnyByteIsATornTail) {
  const LogImage log = three();
  const std::uint64_t last = log.offsets()[2];
  for (std::uint64_t size = last + 1; size < log.bytes().size(); ++size) {
    const std::string cut = log.bytes().substr(0, size);
    const std::uint64_t content = cut.find_last_not_of('\0') + 1;
    EXPECT_EQ(scan(cut), "1: Ana; 2: Eva Luz; " + torn(last, content - last));
  }
}

TEST(LogScanTest, CutBetweenRecordsIsACleanEnd) {
  const LogImage log = three();
  EXPECT_EQ(scan(log.bytes().substr(0, log.offsets()[2])), "1: Ana; 2: Eva Luz");
}

TEST(LogScanTest, ZerosUpToTheEndOfTheFileAreTheEnd) {
  const LogImage log = three();
  EXPECT_EQ(scan(filled_up(log.bytes())), "1: Ana; 2: Eva Luz; 3: Sol");
}

TEST(LogScanTest, ByteAtTheVeryEndOfTheFileIsATornTail) {
  const LogImage log = three();
  std::string bytes = filled_up(log.bytes());
  bytes.back() = 1;
  EXPECT_EQ(scan(bytes), "1: Ana; 2: Eva Luz; 3: Sol; " +
                             torn(log.bytes().size(), bytes.size() - log.bytes().size()));
}

TEST(LogScanTest, FileOfAnotherSizeThanItWasMadeWithIsDamage) {
  const LogImage log = three();
  const std::string shorter = filled_up(log.bytes()).substr(0, 4095);
  FakeFileSystem disk;
  for (const std::string& bytes : {shorter, filled_up(log.bytes()) + '\0'}) {
    disk.set_content("log/bets-0000000001.log", bytes);
    LogScanner scanner(disk, "log", {}, {}, {});
    const auto failure = scanner.run();
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, StoreError::kDamaged);
    EXPECT_THAT(failure->message, HasSubstr("was made with 4096"));
  }
}

TEST(LogScanTest, GarbageAfterTheEndIsATornTail) {
  const LogImage log = three();
  EXPECT_EQ(scan(log.bytes() + "\xFE"
                               "BETtelgeuse"),
            "1: Ana; 2: Eva Luz; 3: Sol; " + torn(log.bytes().size(), 12));
}

TEST(LogScanTest, MoreThanAWindowOfGarbageIsATornTail) {
  const LogImage log = LogImage(kLogId, 4 * FileWindow::kChunk)
                           .batch(1, {"Ana"})
                           .batch(2, {"Eva", "Luz"})
                           .batch(3, {"Sol"});
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
  EXPECT_EQ(scan(flipped(log.bytes(), 120)), damaged_record(log, 1));
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

// What stands beside the log.

TEST(LogScanTest, FlippedBitInTheLastRecordIsDamageIfItWasDurable) {
  const LogImage log = three();
  EXPECT_EQ(scan(flipped(log.bytes(), log.offsets()[2] + 60), {log.claim()}),
            "1: Ana; 2: Eva Luz; " + damaged_record(log, 3));
}

TEST(LogScanTest, LogThatLostItsEndBetweenRecordsIsDamagedIfItWasDurable) {
  const LogImage log = three();
  EXPECT_EQ(scan(log.bytes().substr(0, log.offsets()[2]), {log.claim()}),
            "1: Ana; 2: Eva Luz; " + damaged_record(log, 3));
}

TEST(LogScanTest, OtherVersionOfTheLastRecordIsDamageIfItWasDurable) {
  const LogImage log = LogImage().batch(1, {"Ana"}).batch(2, {"Eva"});
  const LogImage other = LogImage().batch(1, {"Ana"}).batch(2, {"Iva"});
  EXPECT_EQ(scan(other.bytes(), {log.claim()}), "1: Ana; 2: Iva; " + damaged_record(log, 2));
}

TEST(LogScanTest, PlaceBetweenTwoRecordsThatIsNoneIsDamage) {
  const LogImage log = three();
  LogClaim claim = log.claim();
  --claim.end;
  EXPECT_EQ(scan(log.bytes(), {claim}), "1: Ana; 2: Eva Luz; 3: Sol; " + damaged_record(log, 3));
}

TEST(LogScanTest, ClaimThatHoldsChangesNothing) {
  const LogImage log = three();
  EXPECT_EQ(scan(log.bytes(), {log.claim(true)}), "1: Ana; 2: Eva Luz; 3: Sol");
}

TEST(LogScanTest, RecordsBehindTheClaimAreTaken) {
  const LogImage two = LogImage().batch(1, {"Ana"}).batch(2, {"Eva", "Luz"});
  EXPECT_EQ(scan(three().bytes(), {two.claim()}), "1: Ana; 2: Eva Luz; 3: Sol");
}

TEST(LogScanTest, AnythingBehindTheEndOfAClosedLogIsDamage) {
  const LogImage log = three();
  EXPECT_EQ(scan(log.bytes() + "x", {log.claim(true)}), "1: Ana; 2: Eva Luz; 3: Sol; damaged at " +
                                                            std::to_string(log.bytes().size()) +
                                                            ", record 4");
  const LogImage two = LogImage().batch(1, {"Ana"}).batch(2, {"Eva", "Luz"});
  EXPECT_THAT(scan(log.bytes(), {two.claim(true)}), HasSubstr("; damaged at"));
}

// Records that are sound and that no writer writes.

IdentifiedBatch identified(std::uint64_t sequence) { return {{}, sequence, 1, {}, 0}; }

TEST(LogScanTest, SequenceWithAGapIsDamage) {
  const std::uint64_t first = kSegmentHeaderBytes;
  EXPECT_EQ(scan(LogImage().once(identified(1), 0).once(identified(2), first).bytes()), "");
  EXPECT_THAT(scan(LogImage().once(identified(1), 0).once(identified(3), first).bytes()),
              HasSubstr("record 2"));
  EXPECT_THAT(scan(LogImage().once(identified(1), 0).once(identified(1), first).bytes()),
              HasSubstr("record 2"));
}

TEST(LogScanTest, RecordThatFollowsNoneOfItsSessionIsDamage) {
  EXPECT_THAT(scan(LogImage().once(identified(1), 0).once(identified(2), 1).bytes()),
              HasSubstr("record 2"));
}

TEST(LogScanTest, FinishWithAWrongCountIsDamage) {
  EXPECT_THAT(scan(LogImage().batch(1, {"Ana"}).finish(1, 2).bytes()), HasSubstr("record 2"));
}

TEST(LogScanTest, BetsBehindTheFinishOrTheDrawAreDamage) {
  EXPECT_THAT(scan(LogImage().finish(1, 0).batch(1, {"Ana"}).bytes()), HasSubstr("record 2"));
  EXPECT_THAT(scan(LogImage().draw(1).batch(1, {"Ana"}).bytes()), HasSubstr("record 2"));
  EXPECT_THAT(scan(LogImage().draw(1).draw(1).bytes()), HasSubstr("record 2"));
}

// Before the end of the log.

TEST(LogScanTest, ZeroedRecordInTheMiddleIsDamage) {
  const LogImage log = three();
  std::string bytes = log.bytes();
  bytes.replace(log.offsets()[1], log.record(1).size(), log.record(1).size(), '\0');
  EXPECT_EQ(scan(bytes), "1: Ana; " + damaged_record(log, 2));
}

TEST(LogScanTest, MissingRecordIsDamage) {
  const LogImage log = three().batch(1, {"Mar"});
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
  const LogImage other = LogImage(kLogId + 1).batch(1, {"Ana"}).batch(2, {"Eva"});
  std::string bytes = LogImage().bytes() + other.bytes().substr(kSegmentHeaderBytes);
  EXPECT_EQ(scan(bytes), torn(kSegmentHeaderBytes, bytes.size() - kSegmentHeaderBytes));
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
  const auto log = LogImage(kLogId, 2 * 1024 * 1024)
                       .batch(1, {"Ana"})
                       .batch(2, std::vector<std::string>(20'000, "Eva"))
                       .batch(3, {"Sol"});
  EXPECT_EQ(scan(flipped(log.bytes(), 120)), damaged_record(log, 1));
  EXPECT_EQ(scan(flipped(log.bytes(), log.offsets()[1] + 5000)),
            "1: Ana; " + damaged_record(log, 2));
}

TEST(LogScanTest, ProofIsFoundWhereverItStandsInAWindow) {
  const auto log =
      LogImage(kLogId, 2 * FileWindow::kChunk).batch(1, {"Ana"}).batch(2, {"Eva"}).finish(1, 1);
  const std::uint64_t end = log.offsets()[2];
  // The last record is moved over the edge of a window, byte by byte, as one that was written
  // there.
  for (std::uint64_t shift = 0; shift < 60; ++shift) {
    const std::uint64_t at = log.offsets()[1] + FileWindow::kChunk - 50 + shift;
    std::string last = log.bytes().substr(end);
    seal_record(std::as_writable_bytes(std::span(last)), {kLogId, at, at, 0});
    std::string bytes = log.bytes().substr(0, log.offsets()[1]);
    bytes.resize(at, '\0');
    EXPECT_EQ(scan(bytes + last), "1: Ana; " + damaged_record(log, 2)) << shift;
  }
}

// The header.

TEST(LogScanTest, FlippedBitInTheHeaderIsDamage) {
  for (std::uint64_t at = 0; at < kSegmentHeaderBytes; ++at) {
    EXPECT_EQ(scan(flipped(three().bytes(), at)), "damaged at 0, header") << at;
  }
}

TEST(LogScanTest, ShortHeaderIsDamage) {
  FakeFileSystem disk;
  for (std::uint64_t size = 0; size < kSegmentHeaderBytes; ++size) {
    disk.set_content("log/bets-0000000001.log", three().bytes().substr(0, size));
    LogScanner scanner(disk, "log", {}, {}, {});
    EXPECT_EQ(scanner.run()->code, StoreError::kDamaged) << size;
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
  const LogImage log = LogImage().batch(1, {"Ana"}).finish(1, 1);
  for (const char type : {'\3', '\4', '\5'}) {
    EXPECT_EQ(scan(with_byte(log, 1, 12, type)),
              "1: Ana; " + torn(log.offsets()[1], log.record(1).size()));
  }
}

TEST(LogScanTest, ReadErrorIsNeitherTornNorDamaged) {
  FakeFileSystem disk;
  disk.set_content("log/bets-0000000001.log", filled_up(three().bytes()));
  disk.fail(FakeFileSystem::Op::kRead, EIO, FakeFileSystem::kForGood);
  LogScanner scanner(disk, "log", {}, {}, {});
  const auto failure = scanner.run();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code.value(), EIO);
  EXPECT_EQ(failure->message, "log/bets-0000000001.log, offset 0: cannot read: Input/output error");
}

TEST(LogScanTest, ShortReadsChangeNothing) {
  FakeFileSystem disk;
  disk.set_content("log/bets-0000000001.log", filled_up(three().bytes()));
  disk.limit_calls_to(3);
  BatchLister lister;
  ScanOptions options;
  options.visitor = &lister;
  LogScanner scanner(disk, "log", {}, {}, options);
  EXPECT_FALSE(scanner.run());
  EXPECT_THAT(lister.seen, ::testing::ElementsAre("1: Ana", "2: Eva Luz", "3: Sol"));
}

TEST(LogReaderTest, HoldsOneWindowHoweverLongTheLogIs) {
  LogImage log(kLogId, 10 * 1024 * 1024);
  const TestBatch hundred(1, std::vector<std::string>(100, "Ana"));
  log.group(std::vector<TestBatch>(2000, hundred));
  ASSERT_GT(log.bytes().size(), 9'000'000U);
  FakeFileSystem disk;
  disk.set_content("log/bets-0000000001.log", filled_up(log.bytes()));
  const auto segment = open_segment(disk, "log", 1, FileSystem::Open::kRead);
  LogReader reader(*segment->file, segment->header, segment->end());
  int records = 0;
  while (reader.next() == LogReader::Step::kRecord) {
    ASSERT_LE(reader.capacity(), FileWindow::kChunk);
    ++records;
  }
  EXPECT_EQ(records, 2000);
}

}  // namespace
}  // namespace sorteo::test
