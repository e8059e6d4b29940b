#include "storage/log_scan.hpp"

#include <array>
#include <set>

#include "storage/file_io.hpp"
#include "storage/log_failure.hpp"
#include "storage/log_reader.hpp"

namespace sorteo {
namespace {

// Goes over a log and sums up what its records say.
class Scanner final {
 public:
  Scanner(const File& file, const std::string& path, const LogHeader& header, std::uint64_t size,
          BatchVisitor* visitor)
      : path_(path), visitor_(visitor), size_(size), reader_(file, header, size) {
    scan_.end.log_id = header.log_id;
  }

  boost::system::result<LogScan, StoreFailure> run() {
    while (true) {
      switch (reader_.next()) {
        case LogReader::Step::kRecord:
          if (!take(reader_.record())) {
            return finish();
          }
          break;
        case LogReader::Step::kEnd:
          return finish();
        case LogReader::Step::kBad:
          if (auto failure = judge()) {
            return std::move(*failure);
          }
          if (scan_.summary.torn_tail) {
            return finish();
          }
          break;
        case LogReader::Step::kNewer:
          return newer_record(path_, reader_.offset(), reader_.count() + 1);
        case LogReader::Step::kUnreadable:
          return unreadable(path_, reader_.offset(), reader_.error());
      }
    }
  }

 private:
  // False when the visitor has seen enough.
  bool take(const LogReader::Record& record) {
    StoreState& state = scan_.summary.state;
    scan_.end.is_marked = record.type == RecordType::kMark;
    switch (record.type) {
      case RecordType::kBatch: {
        const Batch batch = *decode_batch_payload(record.payload);
        ++state.batches;
        state.bets += batch.size();
        return visitor_ == nullptr || visitor_->visit(batch);
      }
      case RecordType::kAgencyFinished: {
        const std::uint32_t agency = *decode_number_payload(record.payload);
        if (finished_.insert(agency).second) {
          state.finished.push_back(agency);
        }
        return true;
      }
      case RecordType::kDrawHeld:
        state.winning_number = *decode_number_payload(record.payload);
        return true;
      case RecordType::kMark:
        return true;
    }
    return true;
  }

  // Decides what the bad bytes at the reader's offset are: a torn tail, or damage. Before it calls
  // them damage they are read a second time, because beside a server that writes they may have been
  // read too early; then it says neither.
  std::optional<StoreFailure> judge() {
    const RecordFault fault = reader_.fault();
    // A record that follows another one than stands before it is itself sound: then the one before
    // it is not what was written there.
    const std::uint64_t suspect =
        fault == RecordFault::kBrokenChain ? reader_.previous_offset() : reader_.offset();
    const auto proof = reader_.find_proof(suspect);
    if (proof.has_error()) {
      return unreadable(path_, reader_.offset(), proof.error());
    }
    if (!proof->has_value()) {
      scan_.summary.torn_tail = TornTail{reader_.offset(), size_ - reader_.offset()};
      return std::nullopt;
    }
    if (doubted_ != reader_.offset()) {
      doubted_ = reader_.offset();
      return std::nullopt;
    }
    return damaged(path_, reader_.offset(), reader_.count() + 1, describe(fault));
  }

  LogScan finish() {
    scan_.summary.records = reader_.count();
    scan_.summary.log_bytes = reader_.offset();
    scan_.end.offset = reader_.offset();
    scan_.end.previous = reader_.previous_checksum();
    return std::move(scan_);
  }

  const std::string& path_;
  BatchVisitor* const visitor_;
  const std::uint64_t size_;
  LogReader reader_;
  LogScan scan_;
  std::uint64_t doubted_ = 0;  // where bad bytes are being read again
  std::set<std::uint32_t> finished_;
};

}  // namespace

boost::system::result<LogHeader, StoreFailure> read_log_header(const File& file,
                                                               const std::string& path) {
  std::array<std::byte, kLogHeaderBytes> bytes{};
  const auto read = read_fully(file, bytes, 0);
  if (read.has_error()) {
    return unreadable(path, 0, read.error());
  }
  const auto header = decode_log_header(ByteView(bytes).first(*read));
  if (header.has_error()) {
    return header.error() == LogHeaderFault::kNewVersion
               ? newer_log(path)
               : damaged(path, 0, 0, describe(header.error()));
  }
  return *header;
}

boost::system::result<LogScan, StoreFailure> scan_log(const File& file, const std::string& path,
                                                      BatchVisitor* visitor) {
  auto header = read_log_header(file, path);
  if (header.has_error()) {
    return std::move(header).error();
  }
  // Taken before the first record is read: what a server writes meanwhile is no part of this.
  const auto size = file.size();
  if (size.has_error()) {
    return unreadable(path, 0, size.error());
  }
  return Scanner(file, path, *header, *size, visitor).run();
}

}  // namespace sorteo
