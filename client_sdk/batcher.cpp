#include "client_sdk/batcher.hpp"

#include <algorithm>
#include <utility>

#include "core/batch.hpp"
#include "core/bytes.hpp"
#include "core/message.hpp"

namespace sorteo::client {
namespace {

constexpr std::size_t kLongestMessage = 16 * 1024 * 1024;  // its length fits in 32 bits by far

// Made at once when there is no room: a string can only grow by bytes that are written twice.
constexpr std::size_t kRoomBytes = 1024;

void append_header(std::string& to, MessageType type, std::uint32_t length) {
  append_u8(to, static_cast<std::uint8_t>(type));
  append_u32(to, length);
}

// How many bytes the first `bets` of `packets` are.
std::size_t size_of_first(std::size_t bets, ByteView packets) noexcept {
  std::size_t size = 0;
  for (std::size_t at = 0; at < bets; ++at) {
    size += kPacketHeaderBytes + load_u32(packets.data() + size);
  }
  return size;
}

}  // namespace

Batcher::Batcher(std::size_t header_bytes, std::size_t max_bets, std::size_t max_bytes,
                 std::uint64_t added)
    : max_bets_(std::max<std::size_t>(max_bets, 1)),
      max_bytes_(std::min(max_bytes, kLongestMessage)),
      added_(added) {
  max_bytes_ -= std::min(max_bytes_, header_bytes);
}

void Batcher::limit_packets(std::size_t bytes) noexcept {
  max_bytes_ = std::min(max_bytes_, bytes);
}

bool Batcher::has_room_for(const BetView& bet) const noexcept {
  return has_room_for(packet_size(bet));
}

// The check is that of the encoded bet, which lies in one piece: what is checked is what is sent.
Batcher::Tried Batcher::try_add(const BetView& bet) {
  const std::size_t packet_bytes = packet_size(bet);
  if (!has_room_for(packet_bytes)) {
    return Tried::kNoRoom;
  }
  // A longer value's length would not fit where it is written.
  if (packet_bytes > kMaxFieldBytes && find_bad_field(bet)) {
    return Tried::kBadBet;
  }
  if (decode_packets(0, write(bet, packet_bytes)).has_error()) {
    return Tried::kBadBet;
  }
  take_in(packet_bytes, 1);
  return Tried::kAdded;
}

// All are written before the first is checked: a processor is slow to read what it has just written
// in smaller pieces.
std::size_t Batcher::try_add_all(std::span<const BetView> bets) {
  const std::size_t from = bytes_;
  std::size_t written = 0;
  for (const BetView& bet : bets) {
    const std::size_t packet_bytes = packet_size(bet);
    if (packet_bytes > kMaxFieldBytes || !has_room_for(packet_bytes)) {
      break;  // a value that is too long would be cut off
    }
    if (written != 0 && !is_room_made_for(packet_bytes)) {
      break;  // if there is no memory for it, those before it must have been checked
    }
    write(bet, packet_bytes);
    take_in(packet_bytes, 1);
    ++written;
  }
  const auto packets = as_bytes(packets_).subspan(from, bytes_ - from);
  take_back(packets.size(), written);  // until they are checked, which may fail for want of memory
  const auto checked = decode_packets(0, packets);
  const std::size_t good = checked.has_value() ? written : checked.error().bet - 1;
  take_in(good == written ? packets.size() : size_of_first(good, packets), good);
  return good;
}

void Batcher::add(const BetView& bet) {
  const std::size_t packet_bytes = packet_size(bet);
  write(bet, packet_bytes);
  take_in(packet_bytes, 1);
}

// Writes the bet where the next one belongs, without taking it in.
ByteView Batcher::write(const BetView& bet, std::size_t packet_bytes) {
  if (!is_room_made_for(packet_bytes)) {
    packets_.resize(bytes_ + packet_bytes + kRoomBytes);
  }
  std::byte* const to = reinterpret_cast<std::byte*>(packets_.data()) + bytes_;
  write_packet(to, bet);
  return {to, packet_bytes};
}

void Batcher::take_in(std::size_t bytes, std::size_t bets) noexcept {
  bytes_ += bytes;
  bets_ += bets;
  added_ += bets;
}

void Batcher::take_back(std::size_t bytes, std::size_t bets) noexcept {
  bytes_ -= bytes;
  bets_ -= bets;
  added_ -= bets;
}

OutgoingBatch Batcher::take() {
  packets_.resize(bytes_);
  OutgoingBatch batch{added_ - bets_ + 1, bets_, std::move(packets_)};
  bets_ = 0;
  bytes_ = 0;
  packets_.clear();
  return batch;
}

std::string batch_bet_message(std::uint32_t agency, std::string_view packets) {
  std::string message;
  message.reserve(kBatchBetHeaderBytes + packets.size());
  append_header(message, MessageType::kBatchBet,
                static_cast<std::uint32_t>(sizeof(agency) + packets.size()));
  append_u32(message, agency);
  message += packets;
  return message;
}

std::string empty_batch_message(std::uint32_t agency) { return batch_bet_message(agency, {}); }

std::string consulta_message(std::uint32_t agency) {
  std::string message;
  append_header(message, MessageType::kConsulta, sizeof(agency));
  append_u32(message, agency);
  return message;
}

}  // namespace sorteo::client
