#include "benchmarks/limit/answers.hpp"

#include <array>

#include "core/bytes.hpp"

namespace sorteo::limit {

namespace {

constexpr std::uint8_t kWelcomeType = 0x11;
constexpr std::uint8_t kReceiptType = 0x13;
constexpr std::size_t kReceiptBytes = 5 + 22;
constexpr std::uint32_t kMaxPayload = 256 * 1024;

void append_u32_field(std::string& to, std::uint8_t tag, std::uint32_t value) {
  append_u8(to, tag);
  append_u16(to, 4);
  append_u32(to, value);
}

}  // namespace

std::string make_welcome(std::uint64_t bets) {
  std::string payload = "SORTEO";
  append_u8(payload, 2);   // version
  append_u8(payload, 0);   // neither finished nor drawn
  append_u64(payload, 0);  // of this session nothing is durable
  append_u64(payload, bets);
  append_u32_field(payload, 16, kMaxPayload);
  append_u32_field(payload, 17, kMaxPayload - 28);
  append_u32_field(payload, 18, kWindow);
  append_u8(payload, 19);
  append_u16(payload, 5);
  payload += "fsync";
  std::string message;
  append_u8(message, kWelcomeType);
  append_u32(message, static_cast<std::uint32_t>(payload.size()));
  return message + payload;
}

void append_receipts(std::string& to, std::uint64_t first, std::uint64_t batches,
                     std::uint32_t bets) {
  std::array<std::byte, kReceiptBytes> receipt{};
  receipt[0] = std::byte{kReceiptType};
  store_u32(receipt.data() + 1, kReceiptBytes - 5);
  receipt[21] = std::byte{1};  // stored
  store_u32(receipt.data() + 23, bets);
  for (std::uint64_t sequence = first; sequence < first + batches; ++sequence) {
    store_u64(receipt.data() + 5, sequence);
    store_u64(receipt.data() + 13, sequence);
    to.append(as_text(receipt));
  }
}

}  // namespace sorteo::limit
