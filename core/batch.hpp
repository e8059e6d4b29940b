#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "core/bet.hpp"
#include "core/bytes.hpp"

namespace sorteo {

/// How many bytes stand before the value of a field of a bet: `tag:u8 length:u16`.
inline constexpr std::size_t kFieldHeaderBytes = 3;

/// Why bytes are not a bet or a batch.
enum class CodecError {
  kAgencyMissing = 1,  ///< a batch too short to hold its agency
  kPacketCut,          ///< a packet's length is cut, or points past the end of the batch
  kFieldCut,           ///< a field's header is cut, or its length points past the end of the bet
  kUnknownField,       ///< a tag that no field has
  kFieldTwice,         ///< the same field a second time
  kFieldMissing,       ///< the bet ends without one of its five fields
  kBadValue,           ///< a field's value breaks its rule
};

/// A few words for a log line; they hold nothing of what the peer sent.
std::string_view describe(CodecError error) noexcept;

/// What is wrong with bytes that are no bet or no batch.
struct DecodeFault {
  CodecError code;
  std::size_t bet;     ///< which bet of the batch, from 1; 0 when it is the batch itself
  std::string detail;  ///< for the peer: may quote its own values

  /// `bet 3: birthdate "1999-02-30" is not a date`, the reason that an ERROR answer gives.
  std::string message() const;
};

/// A batch of bets of one agency, as a view of its encoded bets (`Packet`s, docs/protocol.md,
/// "Batch"). Every bet in it has been checked, whoever made the view vouches for that: decode_batch
/// checks bytes from a stranger, and a store checks its checksums. Cheap to copy; lives as long as
/// the bytes.
class Batch final {
 public:
  /// Walks over the bets, decoding each as it goes. Bytes that are not as promised end the walk.
  class Iterator final {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = BetView;
    using difference_type = std::ptrdiff_t;
    using pointer = const BetView*;
    using reference = const BetView&;

    Iterator() noexcept = default;
    explicit Iterator(ByteView packets) noexcept : rest_(packets) { next(); }

    reference operator*() const noexcept { return bet_; }
    pointer operator->() const noexcept { return &bet_; }
    Iterator& operator++() noexcept {
      next();
      return *this;
    }
    void operator++(int) noexcept { next(); }
    friend bool operator==(const Iterator& it, std::default_sentinel_t) noexcept {
      return it.done_;
    }

   private:
    void next() noexcept;

    ByteView rest_;
    BetView bet_;
    bool done_ = true;
  };

  /// `packets` holds exactly `size` bets that have been checked.
  Batch(std::uint32_t agency, std::uint32_t size, ByteView packets) noexcept
      : agency_(agency), size_(size), packets_(packets) {}

  std::uint32_t agency() const noexcept { return agency_; }
  /// How many bets.
  std::uint32_t size() const noexcept { return size_; }
  /// The encoded bets, without the agency.
  ByteView packets() const noexcept { return packets_; }

  Iterator begin() const noexcept { return Iterator(packets_); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  std::uint32_t agency_;
  std::uint32_t size_;
  ByteView packets_;
};

/// Decodes one bet, which takes up all of `bytes`, and checks every rule of docs/protocol.md,
/// "Bet". The views look into `bytes`. In a fault, `bet` is 1.
[[nodiscard]] boost::system::result<BetView, DecodeFault> decode_bet(ByteView bytes);

/// Decodes a batch, which takes up all of `payload`, and checks every bet in it. The first fault
/// refuses the whole. The batch looks into `payload`.
[[nodiscard]] boost::system::result<Batch, DecodeFault> decode_batch(ByteView payload);

/// Decodes the bets of a batch of `agency`, which take up all of `packets`, as decode_batch() does
/// those behind the agency.
[[nodiscard]] boost::system::result<Batch, DecodeFault> decode_packets(std::uint32_t agency,
                                                                       ByteView packets);

/// How many bytes `append_packet` will append for `bet`.
std::size_t packet_size(const BetView& bet) noexcept;

/// Appends `bet` as a Packet: its length and its five fields in the order of their tags. Each
/// field must hold kMaxFieldBytes at most, as those of a checked bet do.
void append_packet(std::string& to, const BetView& bet);

/// Writes what append_packet() appends, at `to`, where there must be room for packet_size() bytes.
void write_packet(std::byte* to, const BetView& bet) noexcept;

}  // namespace sorteo
