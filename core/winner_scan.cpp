#include "core/winner_scan.hpp"

#include <bit>
#include <cstddef>

#include "core/message.hpp"
#include "core/text.hpp"

namespace sorteo {
namespace {

constexpr std::size_t kTailBytes = 8;

constexpr std::uint64_t every_byte(std::uint8_t byte) noexcept {
  return 0x0101'0101'0101'0101U * byte;
}

// `number` as the last eight bytes of a text write it, less '0' in each. One of more digits than
// rules_out() looks at has a byte that is no digit, so that it is never found.
std::uint64_t wanted_digits(std::uint32_t number) noexcept {
  if (number > 99'999) {
    return UINT64_MAX;
  }
  std::uint64_t digits = 0;
  for (unsigned shift = 0; number > 0; number /= 10, shift += 8) {
    digits |= std::uint64_t{number % 10} << shift;
  }
  return digits;
}

// Whether a bet whose last eight bytes are `tail` has certainly another number than `wanted`. That
// is seen where the number is the last field and has five digits at most: then `tail` ends with
// its header, 05 00 and the count of the digits, and the digits. No value of a checked bet has
// bytes under 0x20, so these cannot be the text of another field.
bool rules_out(std::uint64_t tail, std::uint64_t wanted) noexcept {
  constexpr int kMostBits = 5 * 8;
  const std::uint64_t digits = tail ^ every_byte('0');
  // The top bit of each byte over 9. A carry goes up, to bytes before the last that is no digit.
  const std::uint64_t others = (digits | (digits + every_byte(0x7F - 9))) & every_byte(0x80);
  const int bits = std::countr_zero(others) - 7;  // of the digits at the end; 57 if all are
  if (bits > kMostBits) {
    return false;
  }
  const std::uint64_t header = tail >> bits & 0xFF'FFFF;
  const std::uint64_t number = digits & ((std::uint64_t{1} << bits) - 1);
  return header == (0x05'0000U | static_cast<unsigned>(bits) / 8) && number != wanted;
}

}  // namespace

void append_winners(const Batch& batch, std::uint32_t number,
                    std::vector<std::uint32_t>& documents) {
  const std::uint64_t wanted = wanted_digits(number);
  ByteView rest = batch.packets();
  while (rest.size() >= kPacketHeaderBytes + kTailBytes) {
    const std::size_t size = load_u32(rest.data());
    if (size < kTailBytes || size > rest.size() - kPacketHeaderBytes) {
      return;
    }
    const ByteView packet = rest.first(kPacketHeaderBytes + size);
    rest = rest.subspan(packet.size());
    if (rules_out(load_u64(rest.data() - kTailBytes), wanted)) {
      continue;
    }
    const Batch::Iterator bet(packet);
    if (bet == std::default_sentinel) {
      return;
    }
    if (parse_decimal(bet->number) == number) {
      documents.push_back(parse_decimal(bet->document).value_or(0));
    }
  }
}

}  // namespace sorteo
