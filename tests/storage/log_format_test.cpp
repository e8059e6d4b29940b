// The bytes of a log, as docs/storage.md writes them down.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/log_record.hpp"
#include "storage/segment_header.hpp"
#include "storage/winners_file.hpp"
#include "storage/witness.hpp"
#include "tests/storage/log_image.hpp"
#include "tests/support/documented_bytes.hpp"

namespace sorteo::test {
namespace {

const SessionId kSession{{std::byte{0xA0}, std::byte{0xA1}, std::byte{0xA2}, std::byte{0xA3},
                          std::byte{0xA4}, std::byte{0xA5}, std::byte{0xA6}, std::byte{0xA7},
                          std::byte{0xA8}, std::byte{0xA9}, std::byte{0xAA}, std::byte{0xAB},
                          std::byte{0xAC}, std::byte{0xAD}, std::byte{0xAE}, std::byte{0xAF}}};

TEST(LogFormatTest, ExampleOfTheDocumentationIsWhatIsWritten) {
  LogImage log;
  const TestBatch luz(1, {"Luz"});
  log.batch(1, {"Ana"}).once({kSession, 1, 1, luz.view().packets(), 1}, 0);
  log.once({kSession, 2, 1, as_bytes("no bets"), std::nullopt}, log.offsets()[1]);
  log.finish(1, 2).draw(7574);
  EXPECT_EQ(documented_bytes(SORTEO_SOURCE_DIR "/docs/storage.md"), upper_hex(log.bytes()));
}

TEST(LogFormatTest, HeaderIsReadBack) {
  SegmentHeader header{kLogId, 3, 5000, 4096, 77, 0};
  const auto bytes = seal_segment_header(header);
  const auto read = decode_segment_header(bytes);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, header);
}

TEST(LogFormatTest, CheckpointIsReadBack) {
  Ledger ledger;
  ledger.records = 200;
  ledger.batches = 190;
  ledger.bets = 1000;
  ledger.draw = Ledger::Draw{7574, 4000, 99};
  ledger.bases = {0, 2000, 5000};
  ledger.agencies[1].bets = 1000;
  ledger.finish(1, ledger.agencies[1]);
  Ledger::Session& session = ledger.sessions[{1, kSession}];
  for (std::uint64_t offset = 100; offset < 250; ++offset) {
    session.add(offset, offset == 142);
  }
  const std::string bytes = encode_checkpoint(kLogId, {4, 9000, 77}, ledger);
  const auto read = decode_checkpoint(as_bytes(bytes));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->log_id, kLogId);
  EXPECT_EQ(read->at, (LogPosition{4, 9000, 77}));
  EXPECT_EQ(read->ledger.state(), ledger.state());
  EXPECT_EQ(read->ledger.sessions.at({1, kSession}).marks, session.marks);
  EXPECT_EQ(read->ledger.sessions.at({1, kSession}).last_refused, 43U);
  EXPECT_EQ(encode_checkpoint(kLogId, {4, 9000, 77}, read->ledger), bytes);
}

TEST(LogFormatTest, CheckpointWithAnyBitFlippedIsNone) {
  Ledger ledger;
  ledger.sessions[{1, kSession}].add(64, true);
  const std::string sound = encode_checkpoint(kLogId, {1, 0, 0}, ledger);
  for (std::size_t bit = 0; bit < 8 * sound.size(); ++bit) {
    std::string bytes = sound;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(decode_checkpoint(as_bytes(bytes))) << bit;
  }
}

TEST(LogFormatTest, LaterTestimonyOfAWitnessCounts) {
  const Testimony first{kLogId, 7, 1000, 11, false};
  const Testimony second{kLogId, 8, 2000, 22, true};
  std::string bytes(kWitnessBytes, '\0');
  EXPECT_FALSE(decode_witness(as_bytes(bytes)));
  const auto put = [&bytes](std::size_t at, const Testimony& testimony) {
    bytes.replace(at, kTestimonyBytes, as_text(encode_testimony(testimony)));
  };
  put(0, second);
  EXPECT_EQ(decode_witness(as_bytes(bytes)), second);
  put(kTestimonyStride, first);
  EXPECT_EQ(decode_witness(as_bytes(bytes)), second);
  bytes[20] = static_cast<char>(bytes[20] ^ 1);
  EXPECT_EQ(decode_witness(as_bytes(bytes)), first);
}

TEST(LogFormatTest, WinnersAreReadBackForTheirDrawAlone) {
  const WinnersByAgency winners{{1, {30904465, 2}}, {2, {}}};
  const Ledger::Draw draw{7574, 4000, 99};
  const std::string bytes = encode_winners_file(kLogId, draw, winners);
  EXPECT_EQ(decode_winners_file(as_bytes(bytes), kLogId, draw), winners);
  EXPECT_FALSE(decode_winners_file(as_bytes(bytes), kLogId + 1, draw));
  EXPECT_FALSE(decode_winners_file(as_bytes(bytes), kLogId, {7574, 4000, 98}));
  EXPECT_FALSE(decode_winners_file(as_bytes(bytes.substr(1)), kLogId, draw));
}

TEST(LogFormatTest, IdentityIsReadBack) {
  const TestBatch batch(7, {"Ana"});
  const auto log = LogImage().once({kSession, 1, 7, batch.view().packets(), 1}, 0);
  const std::string record = log.record(0);
  const auto read = decode_identity(as_bytes(record).subspan(kRecordHeaderBytes));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->agency, 7U);
  EXPECT_EQ(read->count, 1U);
  EXPECT_EQ(read->session, kSession);
  EXPECT_EQ(read->sequence, 1U);
  EXPECT_EQ(as_text(read->rest), as_text(batch.view().packets()));
}

TEST(LogFormatTest, RecordSaysWhereItStands) {
  const auto log = LogImage().batch(1, {"Ana"}).batch(2, {"Eva"});
  const RecordHeader first = decode_record_header(as_bytes(log.record(0)));
  const RecordHeader second = decode_record_header(as_bytes(log.record(1)));
  EXPECT_EQ(first.offset, kSegmentHeaderBytes);
  EXPECT_EQ(second.offset, kSegmentHeaderBytes + log.record(0).size());
  EXPECT_EQ(second.durable, second.offset);
  EXPECT_EQ(second.previous, first.checksum);
}

TEST(LogFormatTest, RecordsOfOneGroupAreDurableUpToTheGroup) {
  const auto log =
      LogImage().batch(1, {"Ana"}).group({TestBatch(2, {"Eva"}), TestBatch(2, {"Luz"})});
  EXPECT_EQ(decode_record_header(as_bytes(log.record(1))).durable, log.offsets()[1]);
  EXPECT_EQ(decode_record_header(as_bytes(log.record(2))).durable, log.offsets()[1]);
}

TEST(LogFormatTest, BatchKeepsItsBytes) {
  const TestBatch batch(7, {"Ana", "Luz"});
  const auto log = LogImage().group({batch});
  const std::string record = log.record(0);
  const auto read = decode_batch_payload(as_bytes(record).subspan(kRecordHeaderBytes));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->agency(), 7U);
  EXPECT_EQ(read->size(), 2U);
  EXPECT_EQ(as_text(read->packets()), as_text(batch.view().packets()));
}

}  // namespace
}  // namespace sorteo::test
