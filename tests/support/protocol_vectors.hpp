#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.hpp"

namespace sorteo::test {

/// The bytes that hexadecimal digits stand for.
inline std::string from_hex(std::string_view digits) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
    bytes += static_cast<char>(value(digits[at]) * 16 + value(digits[at + 1]));
  }
  return bytes;
}

/// A request of version 1 as a client of some generation sends it.
struct RequestVector {
  const char* name;
  std::uint8_t type;   ///< of the Message that it stands for
  std::size_t header;  ///< bytes before the payload
  const char* hex;
};

inline constexpr RequestVector kRequestVectors[] = {
    {"generation 5, one bet", 0, 4,
     "0000002b010003416e6102000350617a030008333039303434363504000a313939392d30332d313705000437"
     "353734"},
    {"generation 6, batch of two", 1, 4,
     "00000070000000020000002b010003416e6102000350617a030008333039303434363504000a313939392d30"
     "332d3137050004373537340000003901000e546961676f204e69636f6cc3a173020006526976657261030008"
     "333434303732353104000a323030312d30382d323905000431303333"},
    {"generation 8, batch of one", 1, 5,
     "0100000033000000010000002b010003416e6102000350617a030008333039303434363504000a313939392d"
     "30332d313705000437353734"},
    {"generation 8, batch of two, accents", 1, 5,
     "0100000070000000030000003901000e546961676f204e69636f6cc3a1730200065269766572610300083334"
     "34303732353104000a323030312d30382d3239050004313033330000002b010003416e6102000350617a0300"
     "08333039303434363504000a313939392d30332d313705000437353734"},
    {"empty batch", 1, 5, "010000000400000004"},
    {"fields in another order", 1, 5,
     "0100000033000000010000002b0500043735373404000a313939392d30332d31370300083330393034343635"
     "02000350617a010003416e61"},
    {"leading zeros: number 7574 wins, document 904465", 1, 5,
     "0100000035000000010000002d010003416e6102000350617a030008303039303434363504000a313939392d"
     "30332d3137050006303037353734"},
    {"consulta of agency 5", 2, 5, "020000000400000005"},
};

/// An answer of version 1.
struct AnswerVector {
  const char* name;
  const char* hex;
};

inline constexpr AnswerVector kOkAnswer{"OK", "000000034f4b0a"};
inline constexpr AnswerVector kWaitAnswer{"wait", "0400000000"};
inline constexpr AnswerVector kNoWinnersAnswer{"no winners", "0300000000"};
inline constexpr AnswerVector kTwoWinnersAnswer{"two winners", "030000000801d79091017a875b"};

}  // namespace sorteo::test
