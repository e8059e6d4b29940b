#include "storage/batch_finder.hpp"

#include <algorithm>
#include <array>

#include "storage/file_io.hpp"
#include "storage/log_failure.hpp"
#include "storage/store_files.hpp"

namespace sorteo {

boost::system::result<BatchFinder::Original, StoreFailure> BatchFinder::find(
    const std::vector<std::uint64_t>& bases, const Ledger::Sender& sender, std::uint64_t sequence,
    Ledger::Session::Place from, ByteView content) {
  while (true) {
    auto spot = open_at(bases, from.offset);
    if (spot.has_error()) {
      return std::move(spot).error();
    }
    std::array<std::byte, kRecordHeaderBytes + kIdentityBytes> start{};
    const auto read = read_fully(*file_, start, spot->offset);
    if (read.has_error()) {
      return unreadable(spot->path, spot->offset, read.error());
    }
    const RecordHeader header = decode_record_header(start);
    const RecordIdentity identity = *decode_identity(ByteView(start).subspan(kRecordHeaderBytes));
    if (!header.magic || header.offset != from.offset || header.length > kMaxRecordPayload ||
        identity.sequence != from.sequence || identity.agency != sender.first ||
        identity.session != sender.second || identity.before >= from.offset) {
      return damaged(spot->path, spot->offset, 0, "no record of the session stands here");
    }
    if (from.sequence == sequence) {
      return compare(*spot, kRecordHeaderBytes + header.length, content);
    }
    from = {from.sequence - 1, identity.before};
  }
}

// Opens the segment that holds `offset`.
boost::system::result<BatchFinder::Spot, StoreFailure> BatchFinder::open_at(
    const std::vector<std::uint64_t>& bases, std::uint64_t offset) {
  const auto behind = std::upper_bound(bases.begin(), bases.end(), offset);
  const auto number = static_cast<std::uint64_t>(behind - bases.begin());
  Spot spot{segment_path(directory_, number), offset - *(behind - 1)};
  if (number != segment_ || file_ == nullptr) {
    auto file = files_.open(spot.path, FileSystem::Open::kRead);
    if (file.has_error()) {
      return cannot("open", spot.path, file.error());
    }
    file_ = std::move(*file);
    segment_ = number;
  }
  return spot;
}

boost::system::result<BatchFinder::Original, StoreFailure> BatchFinder::compare(const Spot& spot,
                                                                                std::size_t size,
                                                                                ByteView content) {
  buffer_.resize(size);
  const auto read = read_fully(*file_, buffer_, spot.offset);
  if (read.has_error()) {
    return unreadable(spot.path, spot.offset, read.error());
  }
  const ByteView record = buffer_;
  const RecordHeader header = decode_record_header(record);
  if (*read != size || header.checksum != checksum_of_record(log_id_, record)) {
    return damaged(spot.path, spot.offset, 0, "the record's checksum is wrong");
  }
  const RecordIdentity identity = *decode_identity(record.subspan(kRecordHeaderBytes));
  if (header.type == static_cast<std::uint8_t>(RecordType::kRefusedBatch)) {
    const bool is_same =
        identity.count == content.size() && std::ranges::equal(identity.rest, digest_of(content));
    return Original{BatchOutcome::kRefused, 0, is_same};
  }
  return Original{BatchOutcome::kStored, identity.count,
                  std::ranges::equal(identity.rest, content)};
}

}  // namespace sorteo
