// The bytes of a log, as docs/storage.md writes them down.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "storage/log_header.hpp"
#include "storage/log_record.hpp"
#include "tests/storage/log_image.hpp"

namespace sorteo::test {
namespace {

std::string hex(std::string_view bytes) {
  std::ostringstream text;
  for (const char byte : bytes) {
    text << std::hex << std::uppercase << std::setw(2) << std::setfill('0')
         << static_cast<int>(static_cast<unsigned char>(byte));
  }
  return text.str();
}

// The second column of the example in the documentation.
std::string documented_example() {
  std::ifstream page(SORTEO_SOURCE_DIR "/docs/storage.md");
  std::string line;
  while (std::getline(page, line) && !line.starts_with("<!-- A test")) {
  }
  std::getline(page, line);
  std::string bytes;
  while (std::getline(page, line) && line != "```") {
    std::istringstream columns(line);
    std::string offset;
    std::string value;
    columns >> offset >> value;
    EXPECT_EQ(offset, std::to_string(bytes.size() / 2)) << line;
    bytes += value;
  }
  return bytes;
}

TEST(LogFormatTest, ExampleOfTheDocumentationIsWhatIsWritten) {
  LogImage log;
  log.batch(1, {"Ana"}).finish(1).draw(7574).mark();
  EXPECT_EQ(documented_example(), hex(log.bytes()));
}

TEST(LogFormatTest, HeaderIsReadBack) {
  const auto bytes = encode_log_header(kLogId);
  const auto header = decode_log_header(bytes);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->log_id, kLogId);
}

TEST(LogFormatTest, RecordSaysWhereItStands) {
  const auto log = LogImage().batch(1, {"Ana"}).batch(2, {"Eva"});
  const RecordHeader first = decode_record_header(as_bytes(log.record(0)));
  const RecordHeader second = decode_record_header(as_bytes(log.record(1)));
  EXPECT_EQ(first.offset, kLogHeaderBytes);
  EXPECT_EQ(second.offset, kLogHeaderBytes + log.record(0).size());
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
