// Any bytes as a bet, a batch and an answer: decoding ends, reads nothing outside them, what is
// accepted is what it says, and the plain reference says the same of every batch.

#include <algorithm>
#include <string>

#include "core/batch.hpp"
#include "core/reply.hpp"
#include "core/usual_bets.hpp"
#include "tests/core/reference_codec.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using sorteo::test::require;

void check_against_reference(sorteo::ByteView packets) {
  const auto batch = sorteo::decode_packets(1, packets);
  const auto expected = sorteo::test::reference::decode_packets(1, packets);
  require(batch.has_value() == expected.has_value());
  if (batch) {
    require(batch->size() == expected->size());
  } else {
    require(batch.error().code == expected.error().code);
    require(batch.error().message() == expected.error().message());
  }
  sorteo::ByteView behind = packets;
  sorteo::ByteView behind_plain = packets;
  require(sorteo::take_usual_bets(behind) == sorteo::take_usual_bets_plainly(behind_plain));
  require(behind.data() == behind_plain.data());
}

void check_batch(sorteo::ByteView bytes) {
  const auto batch = sorteo::decode_batch(bytes);
  if (batch.has_error()) {
    require(!batch.error().message().empty());
    return;
  }
  std::uint32_t bets = 0;
  for (const sorteo::BetView& bet : *batch) {
    require(!sorteo::find_bad_field(bet));
    ++bets;
  }
  require(bets == batch->size());
}

void check_bet(sorteo::ByteView bytes) {
  const auto bet = sorteo::decode_bet(bytes);
  if (bet.has_error()) {
    return;
  }
  std::string encoded;
  sorteo::append_packet(encoded, *bet);
  require(encoded.size() == sorteo::packet_size(*bet) && encoded.size() == bytes.size() + 4);
  const auto again = sorteo::decode_bet(sorteo::as_bytes(encoded).subspan(4));
  require(again.has_value() && *again == *bet);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sorteo::ByteView bytes = sorteo::test::fuzz_bytes(data, size);
  check_batch(bytes);
  check_against_reference(bytes.subspan(std::min<std::size_t>(bytes.size(), 4)));
  check_bet(bytes);
  static_cast<void>(sorteo::parse_batch_answer(bytes));
  static_cast<void>(sorteo::parse_winners(bytes));
  return 0;
}
