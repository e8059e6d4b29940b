#include "client_sdk/outbox_reader.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "client_sdk/outbox_io.hpp"

namespace sorteo::client {
namespace {

using boost::system::result;

constexpr std::size_t kWindowBytes = 256 * 1024;

std::string unreadable(const std::string& path, const boost::system::error_code& error) {
  return path + ": cannot be read: " + error.message();
}

std::string damaged(const std::string& path, std::uint64_t offset, std::string_view what) {
  return path + ": damaged at offset " + std::to_string(offset) + ": " + std::string(what) +
         ". Nothing was changed. Which bets are stored, the server's operator can tell (sorteo "
         "export)";
}

std::string newer(const std::string& path, std::uint64_t offset) {
  return path + ": what stands at offset " + std::to_string(offset) +
         " was written by a later version of this program; use that one";
}

std::string_view describe(OutboxHeaderFault fault) {
  switch (fault) {
    case OutboxHeaderFault::kTooShort:
      return "the file is shorter than the header of an outbox";
    case OutboxHeaderFault::kNotAnOutbox:
      return "the file does not begin as an outbox does";
    case OutboxHeaderFault::kChecksum:
      return "the header's checksum is wrong";
    case OutboxHeaderFault::kNewVersion:
      return "the outbox is of a version that this program does not know";
  }
  return "unknown fault";
}

// The bytes of a file, through a window that moves over it.
class Window final {
 public:
  Window(const OutboxFile& file, std::uint64_t size) : file_(file), size_(size) {}

  std::uint64_t size() const { return size_; }

  // `count` bytes at `offset`; fewer at the end of the file. Valid until the next call.
  result<ByteView> view(std::uint64_t offset, std::size_t count) {
    const std::uint64_t left = offset < size_ ? size_ - offset : 0;
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, left));
    if (offset < start_ || offset + count > start_ + bytes_.size()) {
      bytes_.resize(
          static_cast<std::size_t>(std::min<std::uint64_t>(std::max(count, kWindowBytes), left)));
      start_ = offset;
      const auto read = read_fully(file_, bytes_, offset);
      if (read.has_error()) {
        bytes_.clear();
        return read.error();
      }
      bytes_.resize(*read);
    }
    const ByteView all(bytes_);
    const auto from = static_cast<std::size_t>(offset - start_);
    return all.subspan(from, std::min(count, all.size() - from));
  }

 private:
  const OutboxFile& file_;
  const std::uint64_t size_;
  std::uint64_t start_ = 0;
  std::vector<std::byte> bytes_;
};

// Goes over the records of an outbox.
class Reader final {
 public:
  Reader(const OutboxFile& file, const std::string& path, const OutboxHeader& header,
         std::uint64_t size)
      : path_(path), seed_(header.checksum), window_(file, size) {
    content_.state.session = header.session;
    content_.state.last_sequence = content_.state.settled = header.settled;
    content_.state.bets_taken = header.bets_taken;
    content_.state.settled_bets = header.settled_bets;
    content_.end = last_start_ = kOutboxHeaderBytes;
    content_.previous = header.checksum;
    content_.is_marked = true;  // the header cannot be torn
  }

  result<OutboxContent, std::string> run() {
    while (content_.end < window_.size()) {
      const auto record = sound_record(content_.end);
      if (record.has_error()) {
        return unreadable(path_, record.error());
      }
      if (!*record || (*record)->header.place.previous != content_.previous) {
        if (auto failure = judge(record->has_value() ? last_start_ : content_.end)) {
          return std::move(*failure);
        }
        content_.torn = window_.size() - content_.end;
        break;
      }
      if (auto failure = take(**record)) {
        return std::move(*failure);
      }
    }
    return std::move(content_);
  }

 private:
  struct Record {
    OutboxRecordHeader header;
    ByteView bytes;  // all of the record
  };

  // The record at `offset`, if a whole and sound one stands there, whatever it follows.
  result<std::optional<Record>> sound_record(std::uint64_t offset) {
    const auto start = window_.view(offset, kOutboxRecordHeaderBytes);
    if (start.has_error()) {
      return start.error();
    }
    if (start->size() < kOutboxRecordHeaderBytes) {
      return std::optional<Record>();
    }
    const OutboxRecordHeader header = decode_outbox_record_header(*start);
    if (!header.magic || header.length > kMaxOutboxPayload || header.place.offset != offset ||
        header.place.durable > offset) {
      return std::optional<Record>();
    }
    const std::size_t size = kOutboxRecordHeaderBytes + header.length;
    const auto bytes = window_.view(offset, size);
    if (bytes.has_error()) {
      return bytes.error();
    }
    if (bytes->size() < size || outbox_checksum(seed_, *bytes) != header.checksum) {
      return std::optional<Record>();
    }
    return std::optional<Record>({header, *bytes});
  }

  // Nothing when what stands at the end of the good records may be torn: no sound record behind it
  // says that the file was durable beyond `suspect`.
  std::optional<std::string> judge(std::uint64_t suspect) {
    for (std::uint64_t at = content_.end; at < window_.size(); ++at) {
      const auto found = next_magic(at);
      if (found.has_error()) {
        return unreadable(path_, found.error());
      }
      if (!*found) {
        break;
      }
      at = **found;
      const auto record = sound_record(at);
      if (record.has_error()) {
        return unreadable(path_, record.error());
      }
      if (*record && (*record)->header.place.durable > suspect) {
        return damaged(path_, suspect, "no sound record stands there, though one did");
      }
    }
    return std::nullopt;
  }

  // Where a record might begin, from `offset` on.
  result<std::optional<std::uint64_t>> next_magic(std::uint64_t offset) {
    for (;;) {
      const auto bytes = window_.view(offset, kWindowBytes);
      if (bytes.has_error()) {
        return bytes.error();
      }
      if (bytes->size() < kOutboxRecordHeaderBytes) {
        return std::optional<std::uint64_t>();
      }
      const std::size_t found = as_text(*bytes).find(kOutboxRecordMagic, kOutboxRecordMagicAt);
      if (found != std::string_view::npos) {
        return std::optional<std::uint64_t>(offset + found - kOutboxRecordMagicAt);
      }
      // A magic that the window cuts in two is whole in the next one.
      offset += bytes->size() - (kOutboxRecordMagicAt + kOutboxRecordMagic.size() - 1);
    }
  }

  std::optional<std::string> take(const Record& record) {
    if (!record.header.is_known()) {
      return newer(path_, content_.end);
    }
    const auto type = static_cast<OutboxRecordType>(record.header.type);
    const ByteView payload = record.bytes.subspan(kOutboxRecordHeaderBytes);
    if (!apply(type, payload)) {
      return damaged(path_, content_.end, "the record does not follow from those before it");
    }
    content_.is_marked = type == OutboxRecordType::kMark;
    content_.previous = record.header.checksum;
    last_start_ = content_.end;
    content_.end += record.bytes.size();
    return std::nullopt;
  }

  bool apply(OutboxRecordType type, ByteView payload) {
    switch (type) {
      case OutboxRecordType::kBatch: {
        auto batch = decode_outbox_batch(payload);
        if (!batch || !content_.state.is_next(*batch)) {
          return false;
        }
        content_.state.take(std::move(*batch));
        return true;
      }
      case OutboxRecordType::kSettled: {
        const auto settled = decode_outbox_settled(payload);
        if (!settled ||
            !content_.state.is_next_to_settle(settled->sequence, settled->stored_bets)) {
          return false;
        }
        content_.state.settle(settled->stored_bets);
        return true;
      }
      case OutboxRecordType::kMark:
        return payload.empty();
    }
    return false;
  }

  const std::string& path_;
  const std::uint64_t seed_;
  Window window_;
  OutboxContent content_;
  std::uint64_t last_start_ = 0;  // of the last good record, or of the file's records
};

}  // namespace

result<OutboxHeader, std::string> read_outbox_header(const OutboxFile& file,
                                                     const std::string& path) {
  std::vector<std::byte> bytes(kOutboxHeaderBytes);
  const auto read = read_fully(file, bytes, 0);
  if (read.has_error()) {
    return unreadable(path, read.error());
  }
  if (*read == 0) {
    return path + ": is empty, and an outbox never is. If it never was one, remove it";
  }
  const auto header = decode_outbox_header(ByteView(bytes).first(*read));
  if (header.has_error()) {
    return header.error() == OutboxHeaderFault::kNewVersion
               ? newer(path, 0)
               : damaged(path, 0, describe(header.error()));
  }
  return *header;
}

result<OutboxContent, std::string> read_outbox(const OutboxFile& file, const std::string& path,
                                               const OutboxHeader& header) {
  const auto size = file.size();
  if (size.has_error()) {
    return unreadable(path, size.error());
  }
  return Reader(file, path, header, *size).run();
}

}  // namespace sorteo::client
