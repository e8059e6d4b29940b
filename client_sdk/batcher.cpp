#include "client_sdk/batcher.hpp"

#include <algorithm>
#include <utility>

#include "core/batch.hpp"
#include "core/bytes.hpp"
#include "core/message.hpp"

namespace sorteo::client {
namespace {

constexpr std::size_t kTypeBytes = 1;
constexpr std::size_t kHeaderBytes = kTypeBytes + sizeof(std::uint32_t);
constexpr std::size_t kLongestMessage = 16 * 1024 * 1024;  // its length fits in 32 bits by far

void append_header(std::string& to, MessageType type, std::uint32_t length) {
  append_u8(to, static_cast<std::uint8_t>(type));
  append_u32(to, length);
}

std::string agency_message(MessageType type, std::uint32_t agency) {
  std::string message;
  append_header(message, type, sizeof(agency));
  append_u32(message, agency);
  return message;
}

}  // namespace

Batcher::Batcher(std::uint32_t agency, std::size_t max_bets, std::size_t max_bytes)
    : agency_(agency),
      max_bets_(std::max<std::size_t>(max_bets, 1)),
      max_bytes_(std::min(max_bytes, kLongestMessage)) {
  begin();
}

bool Batcher::has_room_for(const BetView& bet) const noexcept {
  return empty() || (bets_ < max_bets_ && bytes() + packet_size(bet) <= max_bytes_);
}

void Batcher::add(const BetView& bet) {
  append_packet(message_, bet);
  ++bets_;
  ++added_;
}

OutgoingBatch Batcher::take() {
  auto* const length = reinterpret_cast<std::byte*>(message_.data() + kTypeBytes);
  store_u32(length, static_cast<std::uint32_t>(bytes() - kHeaderBytes));
  OutgoingBatch batch{added_ - bets_ + 1, bets_, std::move(message_)};
  begin();
  return batch;
}

void Batcher::begin() {
  bets_ = 0;
  message_ = empty_batch_message(agency_);
}

std::string empty_batch_message(std::uint32_t agency) {
  return agency_message(MessageType::kBatchBet, agency);
}

std::string consulta_message(std::uint32_t agency) {
  return agency_message(MessageType::kConsulta, agency);
}

}  // namespace sorteo::client
