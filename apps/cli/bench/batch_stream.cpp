#include "apps/cli/bench/batch_stream.hpp"

#include <algorithm>
#include <cstring>

#include "core/message.hpp"
#include "core/version2.hpp"

namespace sorteo::cli {
namespace {

constexpr std::size_t kEnvelopeBytes = 5;
constexpr std::size_t kAgencyBytes = 4;

}  // namespace

BatchStream::BatchStream(const ReadyBatches& batches, WireVersion version, std::uint32_t agency,
                         const SessionId& session, std::uint64_t first) noexcept
    : batches_(batches),
      version_(version),
      agency_(agency),
      session_(session),
      first_(first),
      header_bytes_(kEnvelopeBytes +
                    (version == WireVersion::k1 ? kAgencyBytes : v2::kOnceBatchHeaderBytes)) {}

void BatchStream::gather(std::uint64_t end, GatherRoom& room) const noexcept {
  static_assert(sizeof(GatherRoom::Header) >= kEnvelopeBytes + v2::kOnceBatchHeaderBytes);
  room.used_ = 0;
  // iovec has no pointer to const, because reads use it too.
  const auto add = [&room](const std::byte* bytes, std::size_t size) {
    room.pieces_[room.used_++] = {const_cast<std::byte*>(bytes), size};
  };
  const std::uint64_t count =
      std::min<std::uint64_t>(end - std::min(end, written_), GatherRoom::kMaxBatches);
  std::size_t skipped = written_of_next_;
  for (std::uint64_t index = 0; index < count; ++index) {
    const std::uint64_t batch = written_ + index;
    const ByteView packets = batches_.packets(first_ + batch);
    if (skipped < header_bytes_) {
      std::byte* const header = room.headers_[index].data();
      write_header(batch, header);
      add(header + skipped, header_bytes_ - skipped);
      skipped = 0;
    } else {
      skipped -= header_bytes_;
    }
    add(packets.data() + skipped, packets.size() - skipped);
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

void BatchStream::write_header(std::uint64_t batch, std::byte* to) const noexcept {
  const auto type = version_ == WireVersion::k1 ? MessageType::kBatchBet : MessageType::kOnceBatch;
  to[0] = static_cast<std::byte>(type);
  store_u32(to + 1, static_cast<std::uint32_t>(message_bytes(batch) - kEnvelopeBytes));
  store_u32(to + kEnvelopeBytes, agency_);
  if (version_ == WireVersion::k2) {
    std::byte* const identity = to + kEnvelopeBytes + kAgencyBytes;
    std::memcpy(identity, session_.bytes.data(), session_.bytes.size());
    store_u64(identity + session_.bytes.size(), batch + 1);
  }
}

}  // namespace sorteo::cli
