#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sorteo {

/// The fields of a bet. The values are their tags on the wire (docs/protocol.md, "Bet").
enum class BetField : std::uint8_t {
  kFirstName = 1,
  kLastName = 2,
  kDocument = 3,
  kBirthdate = 4,
  kNumber = 5,
};

/// The name of a field as error messages and the CSV write it: "first_name", "birthdate", ...
std::string_view name_of(BetField field) noexcept;

/// The longest name, in bytes.
inline constexpr std::size_t kMaxNameBytes = 255;

/// The longest value of any field, in bytes: its length has 16 bits on the wire. Only leading zeros
/// bring a number so far.
inline constexpr std::size_t kMaxFieldBytes = 65535;

/// One bet (Apuesta) as its bytes were written: every field is text, and stays as it came. The
/// views live as long as the bytes that they look into.
struct BetView {
  std::string_view first_name;
  std::string_view last_name;
  std::string_view document;   ///< decimal digits; as a number it fits in 32 bits
  std::string_view birthdate;  ///< YYYY-MM-DD
  std::string_view number;     ///< decimal digits; as a number it fits in 32 bits

  friend bool operator==(const BetView&, const BetView&) = default;
};

/// One bet that owns its text.
struct Bet {
  std::string first_name;
  std::string last_name;
  std::string document;   ///< decimal digits; as a number it fits in 32 bits
  std::string birthdate;  ///< YYYY-MM-DD
  std::string number;     ///< decimal digits; as a number it fits in 32 bits

  /// The same bet as views into this one.
  BetView view() const noexcept { return {first_name, last_name, document, birthdate, number}; }

  friend bool operator==(const Bet&, const Bet&) = default;
};

/// What can be wrong with the value of a field.
enum class FieldFault {
  kEmpty,        ///< nothing where something must stand
  kTooLong,      ///< a name over kMaxNameBytes, or a number over kMaxFieldBytes
  kNotUtf8,      ///< ill-formed UTF-8
  kControl,      ///< a control character
  kNotDecimal,   ///< something else than the digits 0 to 9
  kNotIn32Bits,  ///< a number over 4294967295
  kNotADate,     ///< not YYYY-MM-DD, or a day that no calendar has
};

/// A field that a bet must not have.
struct BadField {
  BetField field;
  FieldFault fault;
  std::string value;  ///< the start of what was found there, escaped

  friend bool operator==(const BadField&, const BadField&) = default;
};

/// `birthdate "1999-02-30" is not a date`: one sentence without a full stop.
std::string describe(const BadField& bad);

/// The first field of `bet`, in the order of the tags, that breaks a rule of docs/protocol.md,
/// "Bet"; nothing when the bet is good.
[[nodiscard]] std::optional<BadField> find_bad_field(const BetView& bet);

}  // namespace sorteo
