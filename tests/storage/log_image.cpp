#include "tests/storage/log_image.hpp"

#include "storage/log_recovery.hpp"
#include "storage/log_writer.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo::test {
namespace {

constexpr char kDirectory[] = "log";
constexpr char kPath[] = "log/bets-0000000001.log";

std::string ending(const std::optional<StoreFailure>& failure,
                   const std::optional<TornTail>& torn) {
  if (!failure) {
    return torn ? "torn at " + std::to_string(torn->offset) + ", " + std::to_string(torn->bytes) +
                      " bytes"
                : "";
  }
  // `log/bets-0000000001.log, offset 118, record 2: damaged: ...`
  const std::string start = std::string(kPath) + ", offset ";
  const std::size_t colon = failure->message.find(": damaged: ");
  if (failure->code != StoreError::kDamaged || !failure->message.starts_with(start) ||
      colon == std::string::npos) {
    return failure->message;
  }
  return "damaged at " + failure->message.substr(start.size(), colon - start.size());
}

// With a visitor when nothing is read ahead, and with one of parts when something is.
std::string scan_once(const FileSystem& disk, const std::vector<LogClaim>& claims,
                      ReadAheadOptions read_ahead) {
  BatchLister lister;
  PartLister parts;
  const bool is_ahead = read_ahead.threads > 0;
  ScanOptions options;
  options.claims = claims;
  options.visitor = is_ahead ? nullptr : &lister;
  options.cursor.parts = is_ahead ? &parts : nullptr;
  options.cursor.read_ahead = read_ahead;
  LogScanner scanner(disk, kDirectory, {}, {}, std::move(options));
  const auto failure = scanner.run();
  std::string text;
  for (const std::string& batch : is_ahead ? parts.seen : lister.seen) {
    text += batch + "; ";
  }
  text += ending(failure, scanner.result().torn_tail);
  return text.ends_with("; ") ? text.substr(0, text.size() - 2) : text;
}

}  // namespace

class LogImage::Writer final {
 public:
  Writer(std::uint64_t log_id, std::uint64_t capacity)
      : maker_(disk_, kDirectory, {capacity, capacity}, background_) {
    auto recovered = recover_log(disk_, kDirectory, log_id, capacity, log_);
    claim_.end = recovered->open.end.offset;
    claim_.previous = recovered->open.end.previous;
    writer_ = std::make_unique<LogWriter>(disk_, kDirectory, std::move(recovered->open), maker_,
                                          LogWriter::Sync::kEachCommit, log_);
  }

  FakeFileSystem disk_;
  RecordingLog log_;
  Background background_{false};
  SegmentMaker maker_;
  std::unique_ptr<LogWriter> writer_;
  LogClaim claim_;
};

LogImage::LogImage(std::uint64_t log_id, std::uint64_t capacity)
    : writer_(std::make_shared<Writer>(log_id, capacity)) {}

LogImage& LogImage::group(const std::vector<TestBatch>& batches) {
  BlockBuffer records;
  for (const TestBatch& batch : batches) {
    encode_batch_record(records.extend(batch_record_size(batch.view())), batch.view());
  }
  return commit(records);
}

LogImage& LogImage::batch(std::uint32_t agency, const std::vector<std::string>& names) {
  return group({TestBatch(agency, names)});
}

LogImage& LogImage::once(const IdentifiedBatch& batch, std::uint64_t before) {
  BlockBuffer records;
  encode_identified_record(records.extend(identified_record_size(batch)), batch);
  set_before(records.bytes(), before);
  return commit(records);
}

LogImage& LogImage::finish(std::uint32_t agency, std::uint64_t bets) {
  BlockBuffer records;
  encode_finish_record(records.extend(kFinishRecordBytes), agency, bets);
  return commit(records);
}

LogImage& LogImage::draw(std::uint32_t winning_number) {
  BlockBuffer records;
  encode_draw_record(records.extend(kDrawRecordBytes), winning_number);
  return commit(records);
}

LogImage& LogImage::commit(BlockBuffer& records) {
  std::span<std::byte> rest = records.bytes();
  while (!rest.empty()) {
    const std::size_t size = kRecordHeaderBytes + load_u32(rest.data() + 16);
    writer_->claim_.previous = writer_->writer_->seal(rest.first(size)).checksum;
    rest = rest.subspan(size);
  }
  writer_->writer_->commit(records, records.size());
  writer_->claim_.end = writer_->writer_->end();
  return *this;
}

std::string LogImage::bytes() const {
  return writer_->disk_.content(kPath).substr(0, writer_->writer_->end());
}

std::vector<std::uint64_t> LogImage::offsets() const {
  const std::string all = bytes();
  std::vector<std::uint64_t> offsets{kSegmentHeaderBytes};
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

LogClaim LogImage::claim(bool is_last) const {
  return {writer_->claim_.end, writer_->claim_.previous, is_last, "log/durable"};
}

std::string filled_up(std::string bytes) {
  const auto header = decode_segment_header(as_bytes(bytes));
  const std::size_t size = header.has_value() ? header->capacity : LogImage::kCapacity;
  bytes.resize(std::max(bytes.size(), size), '\0');
  return bytes;
}

std::string scan(const std::string& bytes, const std::vector<LogClaim>& claims) {
  FakeFileSystem disk;
  disk.set_content(kPath, filled_up(bytes));
  const std::string text = scan_once(disk, claims, {});
  // Blocks of one record each, or two.
  const std::string ahead = scan_once(disk, claims, {.threads = 2, .block_bytes = 250});
  return ahead == text ? text : text + ", but read ahead: " + ahead;
}

}  // namespace sorteo::test
