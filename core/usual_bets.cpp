#include "core/usual_bets.hpp"

#include <array>
#include <cstddef>

#include "core/batch.hpp"
#include "core/message.hpp"
#include "core/plain_block.hpp"
#include "core/sse_block.hpp"

namespace sorteo {
namespace {

#if defined(__SSE2__)
using NativeBlock = SseBlock;
#else
using NativeBlock = PlainBlock;
#endif

constexpr std::size_t kDateBytes = 10;

// Both names, and the header between them: the most that two blocks cover with a bit to spare.
constexpr std::size_t kMostNameBytes = 2 * BlockBytes::kSize - 1;
constexpr std::size_t kMostDigits = 9;  // so many always fit in 32 bits
// As long as this, a bet has a third header behind names of kMostNameBytes, and two blocks behind
// its first header. Shorter ones hardly exist.
constexpr std::size_t kLeastBytes = kFieldHeaderBytes + kMostNameBytes + kFieldHeaderBytes;

// The first two bytes of a field's header, if its value is shorter than 256 bytes.
constexpr unsigned short_field(unsigned tag) noexcept { return tag << 8; }

constexpr BlockBytes block_of(const char (&text)[BlockBytes::kSize + 1]) noexcept {
  BlockBytes block{};
  for (std::size_t at = 0; at < BlockBytes::kSize; ++at) {
    block.at[at] = static_cast<std::uint8_t>(text[at]);
  }
  return block;
}

// What is looked for, and how far each byte may be from it: 9 from '0' is a digit, 255 is anything.
// A document stands behind its header; a number stands at the end of the block; a date stands
// between its header and that of the number, and the length of the number is compared elsewhere.
constexpr BlockBytes kDocument = block_of(
    "\3\0\0"
    "0000000000000");
constexpr BlockBytes kDate = block_of(
    "\4\0\12"
    "0000-00-00"
    "\5\0\0");
constexpr BlockBytes kDateLimits = block_of(
    "\0\0\0"
    "\11\11\11\11\0\11\11\0\11\11"
    "\0\0\377");
constexpr BlockBytes kNumber = block_of("0000000000000000");

using LimitsByDigits = std::array<BlockBytes, kMostDigits + 1>;

constexpr LimitsByDigits kDocumentLimits = [] {
  LimitsByDigits limits{};
  for (std::size_t digits = 0; digits <= kMostDigits; ++digits) {
    limits[digits] = block_of("\0\0\377\377\377\377\377\377\377\377\377\377\377\377\377\377");
    for (std::size_t at = 0; at < digits; ++at) {
      limits[digits].at[kFieldHeaderBytes + at] = 9;
    }
  }
  return limits;
}();

constexpr LimitsByDigits kNumberLimits = [] {
  LimitsByDigits limits{};
  for (std::size_t digits = 0; digits <= kMostDigits; ++digits) {
    for (std::size_t at = 0; at < BlockBytes::kSize; ++at) {
      limits[digits].at[at] = at < BlockBytes::kSize - digits ? 255 : 9;
    }
  }
  return limits;
}();

// The days that a month has in every year; 0 for what is no month.
constexpr std::array<std::uint8_t, 100> kDays = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

std::size_t length_of(const std::byte* field) noexcept {
  return std::to_integer<std::size_t>(field[2]);
}

// Whether the `size` bytes from `names` are a name of `first` bytes, a header, and a name, both
// clean and of the usual characters: printable ASCII, and 0xC3 with one byte behind it, which is
// U+00C0 to U+00FF.
template <typename Block>
bool are_usual_names(const std::byte* names, std::size_t first, std::size_t size) noexcept {
  const Block front(names);
  const Block back(names + BlockBytes::kSize);
  const auto both = [](std::uint32_t low, std::uint32_t high) {
    return low | high << BlockBytes::kSize;
  };
  const std::uint32_t all = (1U << size) - 1;
  const std::uint32_t header = 7U << first;
  const std::uint32_t leads = both(front.equal_to(0xC3), back.equal_to(0xC3)) & all;
  const std::uint32_t others = both(front.continuing(), back.continuing()) & all;
  const std::uint32_t printable = both(front.printable(), back.printable()) & all;
  return others == leads << 1 && (printable | leads | others | header) == all;
}

// Whether the date at `date`, of which the form is right, is a day that its month has every year.
bool is_usual_day(const std::byte* date) noexcept {
  constexpr std::uint32_t kYearZero = 0x30303030;
  const auto two_digits = [date](std::size_t at) {
    return std::to_integer<unsigned>(date[at]) * 10 + std::to_integer<unsigned>(date[at + 1]) -
           '0' * 11;
  };
  return load_u32(date) != kYearZero && two_digits(8) - 1 < kDays[two_digits(5)];
}

// Whether the `size` bytes from `bet`, kLeastBytes at least, are a good bet of the usual form.
template <typename Block>
bool is_usual_bet(const std::byte* bet, std::size_t size) noexcept {
  const std::size_t first = length_of(bet);
  if (load_u16(bet) != short_field(1) || first == 0 ||
      first > kMostNameBytes - kFieldHeaderBytes - 1) {
    return false;
  }
  const std::byte* const second = bet + kFieldHeaderBytes + first;
  const std::size_t last = length_of(second);
  const std::size_t names = first + kFieldHeaderBytes + last;
  if (load_u16(second) != short_field(2) || last == 0 || names > kMostNameBytes ||
      !are_usual_names<Block>(bet + kFieldHeaderBytes, first, names)) {
    return false;
  }
  const std::byte* const third = bet + kFieldHeaderBytes + names;
  const std::size_t document = length_of(third);
  // What the bet's end leaves to the number; very large if the bet is too short for the others.
  const std::size_t number = size - names - document - kDateBytes - 4 * kFieldHeaderBytes;
  if (document - 1 >= kMostDigits || number - 1 >= kMostDigits) {
    return false;
  }
  const std::byte* const fourth = third + kFieldHeaderBytes + document;
  const std::byte* const fifth = fourth + kFieldHeaderBytes + kDateBytes;
  const Block faults = Block(third).excess(kDocument, kDocumentLimits[document]) |
                       Block(fourth).excess(kDate, kDateLimits) |
                       Block(bet + size - BlockBytes::kSize).excess(kNumber, kNumberLimits[number]);
  return length_of(fifth) == number && faults.is_zero() && is_usual_day(fourth + kFieldHeaderBytes);
}

template <typename Block>
std::uint32_t take_bets(ByteView& packets) noexcept {
  std::uint32_t bets = 0;
  while (packets.size() >= kPacketHeaderBytes + kLeastBytes) {
    const std::size_t size = load_u32(packets.data());
    if (size < kLeastBytes || size > packets.size() - kPacketHeaderBytes ||
        !is_usual_bet<Block>(packets.data() + kPacketHeaderBytes, size)) {
      break;
    }
    ++bets;
    packets = packets.subspan(kPacketHeaderBytes + size);
  }
  return bets;
}

}  // namespace

std::uint32_t take_usual_bets(ByteView& packets) noexcept {
  return take_bets<NativeBlock>(packets);
}

std::uint32_t take_usual_bets_plainly(ByteView& packets) noexcept {
  return take_bets<PlainBlock>(packets);
}

}  // namespace sorteo
