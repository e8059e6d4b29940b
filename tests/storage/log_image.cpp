#include "tests/storage/log_image.hpp"

#include "storage/log_header.hpp"
#include "storage/log_record.hpp"
#include "storage/log_scan.hpp"

namespace sorteo::test {
namespace {

constexpr char kPath[] = "bets.log";

std::string ending(const boost::system::result<LogScan, StoreFailure>& result) {
  if (result.has_value()) {
    const auto& torn = result->summary.torn_tail;
    return torn ? "torn at " + std::to_string(torn->offset) + ", " + std::to_string(torn->bytes) +
                      " bytes"
                : "";
  }
  // `bets.log, offset 118, record 2: damaged: ...`
  const StoreFailure& failure = result.error();
  const std::string start = std::string(kPath) + ", offset ";
  const std::size_t colon = failure.message.find(": damaged: ");
  if (failure.code != StoreError::kDamaged || !failure.message.starts_with(start) ||
      colon == std::string::npos) {
    return failure.message;
  }
  return "damaged at " + failure.message.substr(start.size(), colon - start.size());
}

}  // namespace

LogImage::LogImage(std::uint64_t log_id) : disk_(std::make_shared<FakeFileSystem>()) {
  const auto header = encode_log_header(log_id);
  disk_->set_content(kPath, as_text(header));
  const LogEnd end{log_id, kLogHeaderBytes, decode_log_header(header)->checksum, true};
  writer_ = std::make_shared<LogWriter>(*disk_->open(kPath, FileSystem::Open::kWrite), kPath, end,
                                        LogWriter::Sync::kEachCommit);
}

LogImage& LogImage::group(const std::vector<TestBatch>& batches) {
  std::vector<std::byte> records;
  for (const TestBatch& batch : batches) {
    append_batch_record(records, batch.view());
  }
  writer_->commit(records);
  return *this;
}

LogImage& LogImage::batch(std::uint32_t agency, const std::vector<std::string>& names) {
  return group({TestBatch(agency, names)});
}

LogImage& LogImage::finish(std::uint32_t agency) {
  std::vector<std::byte> records;
  append_number_record(records, RecordType::kAgencyFinished, agency);
  writer_->commit(records);
  return *this;
}

LogImage& LogImage::draw(std::uint32_t winning_number) {
  std::vector<std::byte> records;
  append_number_record(records, RecordType::kDrawHeld, winning_number);
  writer_->commit(records);
  return *this;
}

LogImage& LogImage::mark() {
  writer_->mark();
  return *this;
}

std::string LogImage::bytes() const { return disk_->content(kPath); }

std::vector<std::uint64_t> LogImage::offsets() const {
  const std::string all = bytes();
  std::vector<std::uint64_t> offsets{kLogHeaderBytes};
  while (offsets.back() < all.size()) {
    const ByteView rest = as_bytes(all).subspan(offsets.back());
    offsets.push_back(offsets.back() + kRecordHeaderBytes + decode_record_header(rest).length);
  }
  return offsets;
}

std::string LogImage::record(std::size_t index) const {
  const auto at = offsets();
  return bytes().substr(at[index], at[index + 1] - at[index]);
}

std::string scan(const std::string& bytes) {
  FakeFileSystem disk;
  disk.set_content(kPath, bytes);
  const auto file = disk.open(kPath, FileSystem::Open::kRead);
  BatchLister lister;
  auto result = scan_log(**file, kPath, &lister);
  std::string text;
  for (const std::string& batch : lister.seen) {
    text += batch + "; ";
  }
  text += ending(result);
  return text.ends_with("; ") ? text.substr(0, text.size() - 2) : text;
}

}  // namespace sorteo::test
