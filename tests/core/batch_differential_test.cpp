// decode_packets, which is fast, against the reference, which is plain: on every batch they must
// agree, down to the sentence of the fault.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "core/batch.hpp"
#include "core/text.hpp"
#include "core/usual_bets.hpp"
#include "tests/core/reference_codec.hpp"
#include "tests/support/batch_bytes.hpp"

namespace sorteo {
namespace {

using namespace std::string_literals;
using test::ana;
using test::ana_fields;
using test::bet_bytes;
using test::field_bytes;
using test::packet_bytes;
using test::packets_of;
using test::tiago;

std::string verdict(const boost::system::result<Batch, DecodeFault>& batch) {
  if (batch.has_error()) {
    const DecodeFault& fault = batch.error();
    return std::to_string(static_cast<int>(fault.code)) + ' ' + std::to_string(fault.bet) + ' ' +
           fault.detail;
  }
  return "agency " + std::to_string(batch->agency()) + ", bets " + std::to_string(batch->size());
}

// Counts what was accepted and what was refused: a test that sees only one of them tests little.
class Differences final {
 public:
  // Decodes a copy of exactly that size, so that a sanitizer sees any read past it.
  void look_at(const std::string& bytes) {
    const std::vector<std::byte> copy(as_bytes(bytes).begin(), as_bytes(bytes).end());
    const ByteView packets(copy);
    const auto expected = test::reference::decode_packets(7, packets);
    const auto batch = decode_packets(7, packets);
    ASSERT_EQ(verdict(batch), verdict(expected)) << escaped(bytes, 1000);
    if (batch) {
      ASSERT_EQ(batch->packets().data(), packets.data());
      ASSERT_EQ(batch->packets().size(), packets.size());
    }
    ByteView behind = packets;
    ByteView behind_plain = packets;
    ASSERT_EQ(take_usual_bets(behind), take_usual_bets_plainly(behind_plain));
    ASSERT_EQ(behind.data(), behind_plain.data()) << escaped(bytes, 1000);
    ASSERT_EQ(behind.size(), behind_plain.size());
    ++(batch ? accepted_ : refused_);
  }

  int accepted() const noexcept { return accepted_; }
  int refused() const noexcept { return refused_; }

 private:
  int accepted_ = 0;
  int refused_ = 0;
};

// Batches whose bets lie differently to the sixteen bytes of a block.
std::vector<std::string> good_batches() {
  const Bet shortest{"A", "B", "1", "2000-12-31", "0"};
  const Bet long_names{"Maximiliano Núñez", "Fernández", "12345678", "1999-03-17", "07574"};
  const Bet accents{"Íñigo", "ÁÉÍÓÚÑÜñ", "99999999", "1980-02-28", "75"};
  const Bet longest_names{"Santiago Lionel G", "Rivadeneiras", "123456789", "1970-01-01",
                          "123456789"};
  const Bet unusual{"Łukasz", "O'Brien", "4294967295", "2000-02-29", "0000000000007574"};
  return {packets_of({ana(), tiago(), ana()}), packets_of({shortest, long_names, shortest}),
          packets_of({accents, longest_names}), packets_of({ana(), unusual, tiago()})};
}

TEST(BatchDifferentialTest, EveryByteInThePlaceOfEveryByte) {
  Differences differences;
  for (const std::string& good : good_batches()) {
    differences.look_at(good);
    for (std::size_t at = 0; at < good.size() && !HasFatalFailure(); ++at) {
      std::string bytes = good;
      for (int value = 0; value < 256; ++value) {
        bytes[at] = static_cast<char>(value);
        differences.look_at(bytes);
      }
    }
  }
  EXPECT_GT(differences.accepted(), 10'000);
  EXPECT_GT(differences.refused(), 10'000);
}

TEST(BatchDifferentialTest, EveryTruncation) {
  Differences differences;
  for (const std::string& good : good_batches()) {
    for (std::size_t size = 0; size <= good.size(); ++size) {
      differences.look_at(good.substr(0, size));
      differences.look_at(good.substr(size));
    }
  }
  EXPECT_GT(differences.accepted(), 4);
  EXPECT_GT(differences.refused(), 400);
}

// Each of the five fields may have any tag from 0 to 6: every order, every repetition.
TEST(BatchDifferentialTest, EveryChoiceOfTags) {
  Differences differences;
  test::Fields fields = ana_fields();
  for (int choice = 0; choice < 7 * 7 * 7 * 7 * 7; ++choice) {
    int rest = choice;
    for (auto& field : fields) {
      field.first = static_cast<unsigned>(rest % 7);
      rest /= 7;
    }
    differences.look_at(packet_bytes(bet_bytes(tiago())) + packet_bytes(field_bytes(fields)));
  }
  EXPECT_GT(differences.accepted(), 0);
  EXPECT_GT(differences.refused(), 10'000);
}

TEST(BatchDifferentialTest, EveryOrderOfTheFields) {
  Differences differences;
  test::Fields fields = ana_fields();
  do {
    const std::string bet = packet_bytes(field_bytes(fields));
    differences.look_at(bet + packets_of({tiago()}) + bet);
  } while (std::next_permutation(fields.begin(), fields.end()));
  EXPECT_EQ(differences.accepted(), 120);
}

TEST(BatchDifferentialTest, NamesOfEveryLength) {
  Differences differences;
  Bet bet = ana();
  for (std::size_t first = 0; first <= 36; ++first) {
    for (std::size_t last = 0; last <= 36; ++last) {
      for (const char* end : {"", "ñ", "\xC3", "\x7F"}) {
        bet.first_name = std::string(first, 'a') + end;
        bet.last_name = std::string(last, 'z');
        differences.look_at(packets_of({bet}));
        std::swap(bet.first_name, bet.last_name);
        differences.look_at(packets_of({bet, bet}));
      }
    }
  }
  EXPECT_GT(differences.accepted(), 1000);
  EXPECT_GT(differences.refused(), 1000);
}

TEST(BatchDifferentialTest, DigitsOfEveryLength) {
  Differences differences;
  Bet bet = ana();
  for (const char* number :
       {"4294967295", "4294967296", "9999999999", "0000000000", "1234567890"}) {
    const std::string text = "000"s + number + "99";
    for (std::size_t from = 0; from <= text.size(); ++from) {
      for (std::size_t length = 0; from + length <= text.size(); ++length) {
        bet.number = text.substr(from, length);
        bet.document = "1";
        differences.look_at(packets_of({bet}));
        std::swap(bet.number, bet.document);
        differences.look_at(packets_of({bet}));
        bet.number = bet.document;
        differences.look_at(packets_of({bet}));
      }
    }
  }
  EXPECT_GT(differences.accepted(), 500);
  EXPECT_GT(differences.refused(), 50);
}

TEST(BatchDifferentialTest, LengthsThatDisagreeWithTheirPacket) {
  Differences differences;
  const std::string good = packets_of({ana(), tiago()});
  const std::size_t headers[] = {0, 4, 10, 16, 27, 40};  // of the packet, then of its fields
  for (const std::size_t one : headers) {
    for (const std::size_t other : headers) {
      const std::size_t one_length = one == 0 ? 3 : one + 2;
      const std::size_t other_length = other == 0 ? 3 : other + 2;
      for (int change = -40; change <= 40; ++change) {
        std::string bytes = good;
        bytes[one_length] = static_cast<char>(bytes[one_length] + change);
        bytes[other_length] = static_cast<char>(bytes[other_length] - change);
        differences.look_at(bytes);
      }
    }
  }
  EXPECT_GT(differences.accepted(), 0);
  EXPECT_GT(differences.refused(), 2000);
}

TEST(BatchDifferentialTest, ManyMutations) {
  Differences differences;
  std::mt19937 random(7574);
  const auto below = [&random](std::size_t end) { return random() % end; };
  const std::vector<std::string> good = good_batches();
  for (int round = 0; round < 200'000 && !HasFatalFailure(); ++round) {
    std::string bytes = good[below(good.size())];
    for (std::size_t count = 1 + below(3); count > 0; --count) {
      const std::size_t at = below(bytes.size());
      switch (below(4)) {
        case 0:
          bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
          break;
        case 1:
          bytes[at] = static_cast<char>(random());
          break;
        case 2:
          bytes.insert(at, 1, bytes[below(bytes.size())]);
          break;
        default:
          std::swap(bytes[at], bytes[below(bytes.size())]);
      }
    }
    differences.look_at(bytes);
  }
  EXPECT_GT(differences.accepted(), 10'000);
  EXPECT_GT(differences.refused(), 10'000);
}

}  // namespace
}  // namespace sorteo
