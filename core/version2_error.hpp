#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"

/// The payloads of version 2 that are not about bets: errors, and the server's goodbye
/// (docs/protocol.md, "Errors as data" and "GoAway").
namespace sorteo::v2 {

/// The longest sentence or name in a payload; longer ones are cut off.
inline constexpr std::size_t kMaxTextBytes = 1024;

/// Codes of errors. They stand on the wire: one is added at the end, none is changed or used again.
enum class ErrorCode : std::uint16_t {
  kUnsupported = 1,     ///< nobody serves this type of request
  kMalformed = 2,       ///< the payload is not what its type says
  kInternal = 3,        ///< the server failed at this request; whether it was done is unknown
  kVersion = 4,         ///< no version in common
  kBusy = 5,            ///< too much waits; nothing was done
  kStorageFull = 6,     ///< nothing was done
  kStorageFailed = 7,   ///< whether it was done is unknown
  kClosing = 8,         ///< the server is stopping; nothing was done
  kAgencyFinished = 9,  ///< no more bets of this agency are taken
  kDrawHeld = 10,       ///< no more bets are taken
  kTooLarge = 11,       ///< the batch is over what can be stored
  kConflict = 12,       ///< the identity stands for another content
  kSequenceGap = 13,    ///< an earlier batch of the session is missing: see `expected`
  kCountMismatch = 14,  ///< see `stored` and `claimed`
  kNotHeld = 15,        ///< the draw has not been held within the time given
  kForbidden = 16,      ///< the peer may not speak for that agency; nothing was done
};

/// `CONFLICT`, as messages write it; `CODE 77` for one that this program does not know.
std::string name_of(ErrorCode code);

/// `CONFLICT: it is another batch`, for a person: the code, and what there is of a sentence.
std::string describe(ErrorCode code, std::string_view sentence);

/// Whether a request that got this error may be sent again as it is, with a chance of success.
bool may_be_repeated(ErrorCode code) noexcept;

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::uint8_t request = 0;               ///< the type of the request
  bool is_repeatable = false;             ///< sent again as it is, it may succeed
  std::uint32_t after_ms = 0;             ///< and not sooner than this
  std::string sentence;                   ///< for a person
  std::optional<std::uint64_t> expected;  ///< the sequence number that comes next
  std::optional<std::uint64_t> stored;    ///< bets of the agency
  std::optional<std::uint64_t> claimed;   ///< bets of the agency, as it says

  friend bool operator==(const Error&, const Error&) = default;
};

inline std::string describe(const Error& error) { return describe(error.code, error.sentence); }

/// The error of a request of type `request`, with what may_be_repeated() and the table of codes
/// say.
Error make_error(ErrorCode code, std::uint8_t request, std::string_view sentence);

/// What a store's error is on the wire.
ErrorCode code_of(boost::system::error_code error) noexcept;

struct GoAway {
  std::uint32_t after_ms = 0;  ///< come back, here, not sooner than this
  std::string sentence;

  friend bool operator==(const GoAway&, const GoAway&) = default;
};

std::string encode(const Error& error);
std::string encode(const GoAway& go_away);

/// Nothing for bytes that are no such payload.
[[nodiscard]] std::optional<Error> decode_error(ByteView payload);
[[nodiscard]] std::optional<GoAway> decode_go_away(ByteView payload);

}  // namespace sorteo::v2
