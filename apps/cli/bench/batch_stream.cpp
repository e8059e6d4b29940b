#include "apps/cli/bench/batch_stream.hpp"

#include <algorithm>

#include "core/message.hpp"
#include "core/version2.hpp"

namespace sorteo::cli {
namespace {

constexpr std::size_t kAgencyBytes = 4;
constexpr std::size_t kLongestHeader = kMessageHeaderBytes + v2::kOnceBatchHeaderBytes;

}  // namespace

GatherRoom::GatherRoom() {
  for (std::string& header : headers_) {
    header.reserve(kLongestHeader);
  }
}

BatchStream::BatchStream(const ReadyBatches& batches, WireVersion version, std::uint32_t agency,
                         const SessionId& session, std::uint64_t first) noexcept
    : batches_(batches),
      version_(version),
      agency_(agency),
      session_(session),
      first_(first),
      header_bytes_(kMessageHeaderBytes +
                    (version == WireVersion::k1 ? kAgencyBytes : v2::kOnceBatchHeaderBytes)) {}

void BatchStream::gather(std::uint64_t end, GatherRoom& room) const noexcept {
  room.used_ = 0;
  // iovec has no pointer to const, because reads use it too.
  const auto add = [&room](ByteView bytes) {
    room.pieces_[room.used_++] = {const_cast<std::byte*>(bytes.data()), bytes.size()};
  };
  const std::uint64_t count =
      std::min<std::uint64_t>(end - std::min(end, written_), GatherRoom::kMaxBatches);
  std::size_t skipped = written_of_next_;
  for (std::uint64_t index = 0; index < count; ++index) {
    const std::uint64_t batch = written_ + index;
    const ByteView packets = batches_.packets(first_ + batch);
    if (skipped < header_bytes_) {
      std::string& header = room.headers_[index];
      write_header(batch, header);
      add(as_bytes(header).subspan(skipped));
      skipped = 0;
    } else {
      skipped -= header_bytes_;
    }
    add(packets.subspan(skipped));
    skipped = 0;
  }
}

void BatchStream::consume(std::size_t bytes) noexcept {
  written_of_next_ += bytes;
  for (std::size_t size = message_bytes(written_); written_of_next_ >= size;
       size = message_bytes(written_)) {
    written_of_next_ -= size;
    ++written_;
  }
}

std::size_t BatchStream::message_bytes(std::uint64_t batch) const noexcept {
  return header_bytes_ + batches_.packets(first_ + batch).size();
}

void BatchStream::write_header(std::uint64_t batch, std::string& to) const {
  const auto type = version_ == WireVersion::k1 ? MessageType::kBatchBet : MessageType::kOnceBatch;
  to.clear();
  append_u8(to, static_cast<std::uint8_t>(type));
  append_u32(to, static_cast<std::uint32_t>(message_bytes(batch) - kMessageHeaderBytes));
  if (version_ == WireVersion::k1) {
    append_u32(to, agency_);
  } else {
    v2::append_once_batch_header(to, agency_, session_, batch + 1);
  }
}

}  // namespace sorteo::cli
