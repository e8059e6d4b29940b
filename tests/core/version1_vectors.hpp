#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bet.hpp"
#include "core/reply.hpp"

namespace sorteo::test {

/// A request of version 1, as its handler sees it, and what it means.
struct RequestVector {
  std::string_view name;
  std::uint8_t type;             ///< after the frame decoder: 0 for a single bet
  std::string_view payload_hex;  ///< without the envelope
  std::uint32_t agency;
  std::vector<Bet> bets;
};

/// An answer of version 1: the reply, and the bytes of its payload.
struct ReplyVector {
  std::string_view name;
  Reply reply;
  Reply::Envelope envelope;
  std::uint8_t type;
  std::string_view payload_hex;
};

// The facts of the protocol's published vectors, at the level of payloads; the envelopes are the
// frame decoder's, and tested there.

inline std::vector<RequestVector> version1_requests() {
  const Bet ana{"Ana", "Paz", "30904465", "1999-03-17", "7574"};
  const Bet tiago{"Tiago Nicolás", "Rivera", "34407251", "2001-08-29", "1033"};
  const Bet zeros{"Ana", "Paz", "00904465", "1999-03-17", "007574"};
  return {
      {"generation 5, one bet",
       0,
       "010003416e6102000350617a030008333039303434363504000a313939392d30332d313705000437353734",
       0,
       {ana}},
      {"generation 6, batch of two",
       1,
       "000000020000002b010003416e6102000350617a030008333039303434363504000a313939392d30332d313705"
       "0004373537340000003901000e546961676f204e69636f6cc3a173020006526976657261030008333434303732"
       "353104000a323030312d30382d323905000431303333",
       2,
       {ana, tiago}},
      {"generation 8, batch of one",
       1,
       "000000010000002b010003416e6102000350617a030008333039303434363504000a313939392d30332d313705"
       "000437353734",
       1,
       {ana}},
      {"generation 8, batch of two, accents",
       1,
       "000000030000003901000e546961676f204e69636f6cc3a17302000652697665726103000833343430373235310"
       "4"
       "000a323030312d30382d3239050004313033330000002b010003416e6102000350617a03000833303930343436"
       "3504000a313939392d30332d313705000437353734",
       3,
       {tiago, ana}},
      {"empty batch", 1, "00000004", 4, {}},
      {"fields in another order",
       1,
       "000000010000002b0500043735373404000a313939392d30332d3137030008333039303434363502000350617a"
       "010003416e61",
       1,
       {ana}},
      {"leading zeros: number 7574 wins, document 904465",
       1,
       "000000010000002d010003416e6102000350617a030008303039303434363504000a313939392d30332d313705"
       "0006303037353734",
       1,
       {zeros}},
      {"consulta of agency 5", 2, "00000005", 5, {}},
  };
}

inline std::vector<ReplyVector> version1_replies() {
  const std::vector<std::uint32_t> two = {30904465, 24807259};
  return {
      {"OK", ok_reply(), Reply::Envelope::kPacket, 0, "4f4b0a"},
      {"wait", wait_reply(), Reply::Envelope::kMessage, 4, ""},
      {"no winners", winners_reply({}), Reply::Envelope::kMessage, 3, ""},
      {"two winners", winners_reply(two), Reply::Envelope::kMessage, 3, "01d79091017a875b"},
  };
}

}  // namespace sorteo::test
