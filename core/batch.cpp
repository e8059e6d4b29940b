#include "core/batch.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "core/message.hpp"
#include "core/usual_bets.hpp"

namespace sorteo {
namespace {

constexpr std::size_t kFields = 5;

std::string_view BetView::*const kMembers[kFields] = {&BetView::first_name, &BetView::last_name,
                                                      &BetView::document, &BetView::birthdate,
                                                      &BetView::number};

constexpr BetField field_at(std::size_t index) noexcept { return static_cast<BetField>(index + 1); }

struct Field {
  unsigned tag;
  std::string_view value;
};

// Takes a field off the front of `rest`, which is not empty; nothing when it is cut.
std::optional<Field> take_field(ByteView& rest) noexcept {
  if (rest.size() < kFieldHeaderBytes) {
    return std::nullopt;
  }
  const auto tag = std::to_integer<unsigned>(rest[0]);
  const std::size_t length = load_u16(rest.data() + 1);
  if (length > rest.size() - kFieldHeaderBytes) {
    return std::nullopt;
  }
  const Field field{tag, as_text(rest.subspan(kFieldHeaderBytes, length))};
  rest = rest.subspan(kFieldHeaderBytes + length);
  return field;
}

// Takes a packet off the front of `rest`, which is not empty; nothing when it is cut.
std::optional<ByteView> take_packet(ByteView& rest) noexcept {
  if (rest.size() < kPacketHeaderBytes) {
    return std::nullopt;
  }
  const std::size_t length = load_u32(rest.data());
  if (length > rest.size() - kPacketHeaderBytes) {
    return std::nullopt;
  }
  const ByteView packet = rest.subspan(kPacketHeaderBytes, length);
  rest = rest.subspan(kPacketHeaderBytes + length);
  return packet;
}

// Sets `bet` to the five fields that take up all of `bytes`, in the order of their tags; says
// whether it is so.
bool read_in_order(ByteView bytes, BetView& bet) noexcept {
  for (std::size_t index = 0; index < kFields; ++index) {
    const auto field = bytes.empty() ? std::nullopt : take_field(bytes);
    if (!field || field->tag != index + 1) {
      return false;
    }
    bet.*kMembers[index] = field->value;
  }
  return bytes.empty();
}

bool is_field(unsigned tag) noexcept { return tag >= 1 && tag <= kFields; }

// Sets `bet` to whatever fields `bytes` are; says whether all of them were fields.
bool read_in_any_order(ByteView bytes, BetView& bet) noexcept {
  bet = {};
  while (!bytes.empty()) {
    const auto field = take_field(bytes);
    if (!field || !is_field(field->tag)) {
      return false;
    }
    bet.*kMembers[field->tag - 1] = field->value;
  }
  return true;
}

// Copies `size` bytes, sizeof(Word) to twice as many: the first and the last of them, which may
// overlap.
template <typename Word>
void copy_ends(const char* from, std::size_t size, std::byte* to) noexcept {
  Word first;
  Word last;
  std::memcpy(&first, from, sizeof first);
  std::memcpy(&last, from + size - sizeof last, sizeof last);
  std::memcpy(to, &first, sizeof first);
  std::memcpy(to + size - sizeof last, &last, sizeof last);
}

// Copies a value to where it has room, and returns what is behind it. Values are short: calls of
// memcpy would take longer than all else that encoding does.
std::byte* put(std::byte* to, std::string_view value) noexcept {
  if (value.size() > 2 * sizeof(std::uint64_t)) {
    std::memcpy(to, value.data(), value.size());
  } else if (value.size() >= sizeof(std::uint64_t)) {
    copy_ends<std::uint64_t>(value.data(), value.size(), to);
  } else if (value.size() >= sizeof(std::uint32_t)) {
    copy_ends<std::uint32_t>(value.data(), value.size(), to);
  } else {
    std::ranges::copy(as_bytes(value), to);
  }
  return to + value.size();
}

std::string count_bytes(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

DecodeFault unknown_field(unsigned tag) {
  return {CodecError::kUnknownField, 1, "unknown field tag " + std::to_string(tag)};
}

// `rest` is what no field could be taken off.
DecodeFault field_cut(ByteView rest) {
  if (rest.size() < kFieldHeaderBytes) {
    return {CodecError::kFieldCut, 1, count_bytes(rest.size()) + " left over after its last field"};
  }
  const auto tag = std::to_integer<unsigned>(rest[0]);
  if (!is_field(tag)) {
    return unknown_field(tag);
  }
  return {CodecError::kFieldCut, 1,
          std::string(name_of(field_at(tag - 1))) + " of " +
              count_bytes(load_u16(rest.data() + 1)) + " runs past the end of its packet, where " +
              std::to_string(rest.size() - kFieldHeaderBytes) + " are left"};
}

DecodeFault field_twice(std::size_t index) {
  return {CodecError::kFieldTwice, 1, std::string(name_of(field_at(index))) + " is given twice"};
}

DecodeFault first_missing(unsigned seen) {
  std::size_t index = 0;
  while ((seen >> index & 1U) != 0) {
    ++index;
  }
  return {CodecError::kFieldMissing, 1, std::string(name_of(field_at(index))) + " is missing"};
}

DecodeFault packet_cut(std::size_t bet, ByteView rest) {
  if (rest.size() < kPacketHeaderBytes) {
    const std::string last = bet == 1 ? "the agency" : "bet " + std::to_string(bet - 1);
    return {CodecError::kPacketCut, 0, count_bytes(rest.size()) + " left over after " + last};
  }
  return {CodecError::kPacketCut, bet,
          "its packet of " + count_bytes(load_u32(rest.data())) +
              " runs past the end of the batch, where " +
              std::to_string(rest.size() - kPacketHeaderBytes) + " are left"};
}

}  // namespace

std::string_view describe(CodecError error) noexcept {
  switch (error) {
    case CodecError::kAgencyMissing:
      return "the batch is too short to hold its agency";
    case CodecError::kPacketCut:
      return "a packet runs past the end of the batch";
    case CodecError::kFieldCut:
      return "a field runs past the end of its bet";
    case CodecError::kUnknownField:
      return "unknown field";
    case CodecError::kFieldTwice:
      return "a field is given twice";
    case CodecError::kFieldMissing:
      return "a field is missing";
    case CodecError::kBadValue:
      return "a field's value breaks its rule";
  }
  return "unknown codec error";
}

std::string DecodeFault::message() const {
  return (bet == 0 ? std::string("batch: ") : "bet " + std::to_string(bet) + ": ") + detail;
}

// Nearly every bet has its fields in the order of their tags; any other order is read field by
// field.
void Batch::Iterator::next() noexcept {
  done_ = true;
  const auto packet = take_packet(rest_);
  if (!packet) {
    bet_ = {};
    return;
  }
  done_ = !read_in_order(*packet, bet_) && !read_in_any_order(*packet, bet_);
}

boost::system::result<BetView, DecodeFault> decode_bet(ByteView bytes) {
  BetView bet;
  unsigned seen = 0;
  while (!bytes.empty()) {
    const auto field = take_field(bytes);
    if (!field) {
      return field_cut(bytes);
    }
    if (!is_field(field->tag)) {
      return unknown_field(field->tag);
    }
    const std::size_t index = field->tag - 1;
    if ((seen >> index & 1U) != 0) {
      return field_twice(index);
    }
    seen |= 1U << index;
    bet.*kMembers[index] = field->value;
  }
  if (seen != (1U << kFields) - 1) {
    return first_missing(seen);
  }
  if (const auto bad = find_bad_field(bet)) {
    return DecodeFault{CodecError::kBadValue, 1, describe(*bad)};
  }
  return bet;
}

boost::system::result<Batch, DecodeFault> decode_batch(ByteView payload) {
  constexpr std::size_t kAgency = 4;
  if (payload.size() < kAgency) {
    return DecodeFault{CodecError::kAgencyMissing, 0,
                       "the agency is missing: the payload has " + count_bytes(payload.size())};
  }
  return decode_packets(load_u32(payload.data()), payload.subspan(kAgency));
}

boost::system::result<Batch, DecodeFault> decode_packets(std::uint32_t agency, ByteView packets) {
  ByteView rest = packets;
  std::uint32_t bets = 0;
  while (!rest.empty()) {
    bets += take_usual_bets(rest);
    if (rest.empty()) {
      break;
    }
    ++bets;
    const auto packet = take_packet(rest);
    if (!packet) {
      return packet_cut(bets, rest);
    }
    if (auto bet = decode_bet(*packet); bet.has_error()) {
      DecodeFault fault = std::move(bet).error();
      fault.bet = bets;
      return fault;
    }
  }
  return Batch(agency, bets, packets);
}

std::size_t packet_size(const BetView& bet) noexcept {
  std::size_t size = kPacketHeaderBytes;
  for (const auto member : kMembers) {
    size += kFieldHeaderBytes + (bet.*member).size();
  }
  return size;
}

void append_packet(std::string& to, const BetView& bet) {
  const std::size_t before = to.size();
  to.resize(before + packet_size(bet));
  write_packet(reinterpret_cast<std::byte*>(to.data()) + before, bet);
}

void write_packet(std::byte* to, const BetView& bet) noexcept {
  std::byte* at = to + kPacketHeaderBytes;
  for (std::size_t index = 0; index < kFields; ++index) {
    const std::string_view value = bet.*kMembers[index];
    at[0] = static_cast<std::byte>(index + 1);
    store_u16(at + 1, static_cast<std::uint16_t>(value.size()));
    at = put(at + kFieldHeaderBytes, value);
  }
  store_u32(to, static_cast<std::uint32_t>(at - to) - std::uint32_t{kPacketHeaderBytes});
}

}  // namespace sorteo
