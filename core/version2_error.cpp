#include "core/version2_error.hpp"

#include "core/payload_reader.hpp"
#include "core/store_error.hpp"
#include "core/text.hpp"

namespace sorteo::v2 {
namespace {

// Tags of the fields at the end of an Error.
constexpr std::uint8_t kExpectedTag = 1;
constexpr std::uint8_t kStoredTag = 2;
constexpr std::uint8_t kClaimedTag = 3;

// When a request that was not done for want of something may come again.
constexpr std::uint32_t kSoonMs = 50;
constexpr std::uint32_t kLaterMs = 1000;

std::uint32_t pause_after(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kBusy:
      return kSoonMs;
    case ErrorCode::kStorageFull:
    case ErrorCode::kStorageFailed:
    case ErrorCode::kClosing:
      return kLaterMs;
    default:
      return 0;
  }
}

void append_number(std::string& to, std::uint8_t tag, std::optional<std::uint64_t> number) {
  if (number) {
    append_field_u64(to, tag, *number);
  }
}

std::optional<std::uint64_t> number_in(const TaggedField& field) noexcept {
  return field.value.size() == sizeof(std::uint64_t) ? std::optional(load_u64(field.value.data()))
                                                     : std::nullopt;
}

}  // namespace

std::string name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnsupported:
      return "UNSUPPORTED";
    case ErrorCode::kMalformed:
      return "MALFORMED";
    case ErrorCode::kInternal:
      return "INTERNAL";
    case ErrorCode::kVersion:
      return "VERSION";
    case ErrorCode::kBusy:
      return "BUSY";
    case ErrorCode::kStorageFull:
      return "STORAGE_FULL";
    case ErrorCode::kStorageFailed:
      return "STORAGE_FAILED";
    case ErrorCode::kClosing:
      return "CLOSING";
    case ErrorCode::kAgencyFinished:
      return "AGENCY_FINISHED";
    case ErrorCode::kDrawHeld:
      return "DRAW_HELD";
    case ErrorCode::kTooLarge:
      return "TOO_LARGE";
    case ErrorCode::kConflict:
      return "CONFLICT";
    case ErrorCode::kSequenceGap:
      return "SEQUENCE_GAP";
    case ErrorCode::kCountMismatch:
      return "COUNT_MISMATCH";
    case ErrorCode::kNotHeld:
      return "NOT_HELD";
    case ErrorCode::kForbidden:
      return "FORBIDDEN";
  }
  return "CODE " + std::to_string(static_cast<unsigned>(code));
}

std::string describe(ErrorCode code, std::string_view sentence) {
  return sentence.empty() ? name_of(code) : name_of(code) + ": " + harmless(sentence);
}

bool may_be_repeated(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kInternal:
    case ErrorCode::kBusy:
    case ErrorCode::kStorageFull:
    case ErrorCode::kStorageFailed:
    case ErrorCode::kClosing:
    case ErrorCode::kSequenceGap:
    case ErrorCode::kNotHeld:
      return true;
    default:
      return false;
  }
}

Error make_error(ErrorCode code, std::uint8_t request, std::string_view sentence) {
  Error error;
  error.code = code;
  error.request = request;
  error.is_repeatable = may_be_repeated(code);
  error.after_ms = pause_after(code);
  error.sentence = sentence.substr(0, kMaxTextBytes);
  return error;
}

ErrorCode code_of(boost::system::error_code error) noexcept {
  if (error.category() != store_category()) {
    return ErrorCode::kInternal;
  }
  switch (static_cast<StoreError>(error.value())) {
    case StoreError::kFull:
      return ErrorCode::kStorageFull;
    case StoreError::kFailed:
      return ErrorCode::kStorageFailed;
    case StoreError::kClosed:
      return ErrorCode::kClosing;
    case StoreError::kAgencyFinished:
      return ErrorCode::kAgencyFinished;
    case StoreError::kDrawHeld:
      return ErrorCode::kDrawHeld;
    case StoreError::kTooLarge:
      return ErrorCode::kTooLarge;
    case StoreError::kBusy:
      return ErrorCode::kBusy;
    case StoreError::kConflict:
      return ErrorCode::kConflict;
    case StoreError::kSequenceGap:
      return ErrorCode::kSequenceGap;
    case StoreError::kCountMismatch:
      return ErrorCode::kCountMismatch;
    case StoreError::kDamaged:
    case StoreError::kLocked:
      break;
  }
  return ErrorCode::kInternal;
}

std::string encode(const Error& error) {
  std::string payload;
  append_u16(payload, static_cast<std::uint16_t>(error.code));
  append_u8(payload, error.request);
  append_u8(payload, error.is_repeatable ? 1 : 0);
  append_u32(payload, error.after_ms);
  const auto sentence = std::string_view(error.sentence).substr(0, kMaxTextBytes);
  append_u16(payload, static_cast<std::uint16_t>(sentence.size()));
  payload += sentence;
  append_number(payload, kExpectedTag, error.expected);
  append_number(payload, kStoredTag, error.stored);
  append_number(payload, kClaimedTag, error.claimed);
  return payload;
}

std::optional<Error> decode_error(ByteView payload) {
  PayloadReader reader(payload);
  Error error;
  error.code = static_cast<ErrorCode>(reader.u16());
  error.request = reader.u8();
  error.is_repeatable = reader.u8() == 1;
  error.after_ms = reader.u32();
  error.sentence = as_text(reader.take(reader.u16()));
  while (const auto field = next_field(reader)) {
    switch (field->tag) {
      case kExpectedTag:
        error.expected = number_in(*field);
        break;
      case kStoredTag:
        error.stored = number_in(*field);
        break;
      case kClaimedTag:
        error.claimed = number_in(*field);
        break;
      default:
        break;  // of a later version
    }
  }
  return reader.ok() ? std::optional(std::move(error)) : std::nullopt;
}

std::string encode(const GoAway& go_away) {
  std::string payload;
  append_u32(payload, go_away.after_ms);
  payload += std::string_view(go_away.sentence).substr(0, kMaxTextBytes);
  return payload;
}

std::optional<GoAway> decode_go_away(ByteView payload) {
  PayloadReader reader(payload);
  GoAway go_away;
  go_away.after_ms = reader.u32();
  if (!reader.ok() || reader.rest().size() > kMaxTextBytes) {
    return std::nullopt;
  }
  go_away.sentence = as_text(reader.rest());
  return go_away;
}

}  // namespace sorteo::v2
