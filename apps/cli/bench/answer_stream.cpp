#include "apps/cli/bench/answer_stream.hpp"

#include <algorithm>

#include "core/message.hpp"
#include "core/text.hpp"
#include "core/version2.hpp"

namespace sorteo::cli {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kUsualAnswerBytes = 32;
constexpr std::uint32_t kMaxPayloadBytes = 64 * 1024;
constexpr std::string_view kOk = "OK\n";
constexpr std::string_view kError = "ERROR ";

Answer unreadable(std::string reason) {
  return {.kind = AnswerKind::kUnreadable, .reason = std::move(reason)};
}

}  // namespace

AnswerStream::AnswerStream(WireVersion version)
    : version_(version),
      header_bytes_(version == WireVersion::k1 ? kLengthBytes : 1 + kLengthBytes) {
  carry_.reserve(kUsualAnswerBytes);
}

Answer AnswerStream::next() {
  const auto message = take_message();
  if (!message) {
    return {};
  }
  if (const std::uint32_t length = length_in(*message); length > kMaxPayloadBytes) {
    return unreadable("an answer of " + std::to_string(length) + " bytes");
  }
  const ByteView payload = message->subspan(header_bytes_);
  return version_ == WireVersion::k1
             ? read_packet(payload)
             : read_message(std::to_integer<std::uint8_t>(message->front()), payload);
}

// A whole message, or the header alone of one that is too long.
std::optional<ByteView> AnswerStream::take_message() {
  if (carry_is_read_) {
    carry_.clear();
    carry_is_read_ = false;
  }
  if (carry_.empty() && rest_.size() >= header_bytes_ && rest_.size() >= bytes_to_take(rest_)) {
    const ByteView message = rest_.first(bytes_to_take(rest_));
    rest_ = rest_.subspan(message.size());
    return message;
  }
  if (!carry_up_to(header_bytes_) || !carry_up_to(bytes_to_take(as_bytes(carry_)))) {
    return std::nullopt;
  }
  carry_is_read_ = true;
  return as_bytes(carry_);
}

// Whether the carried bytes are so many, at least, after as many as that takes were added.
bool AnswerStream::carry_up_to(std::size_t size) {
  if (carry_.size() < size) {
    const ByteView more = rest_.first(std::min(size - carry_.size(), rest_.size()));
    carry_.append(as_text(more));
    rest_ = rest_.subspan(more.size());
  }
  return carry_.size() >= size;
}

std::uint32_t AnswerStream::length_in(ByteView header) const noexcept {
  return load_u32(header.data() + header_bytes_ - kLengthBytes);
}

std::size_t AnswerStream::bytes_to_take(ByteView header) const noexcept {
  const std::uint32_t length = length_in(header);
  return header_bytes_ + (length > kMaxPayloadBytes ? 0 : length);
}

Answer AnswerStream::read_packet(ByteView payload) const {
  const std::string_view text = as_text(payload);
  if (text == kOk) {
    return {.kind = AnswerKind::kStored};
  }
  if (text.starts_with(kError)) {
    return {.kind = AnswerKind::kRefused, .reason = escaped(text.substr(kError.size()), 256)};
  }
  return unreadable('"' + escaped(text) + '"');
}

Answer AnswerStream::read_message(std::uint8_t type, ByteView payload) const {
  if (type == static_cast<std::uint8_t>(MessageType::kReceipt)) {
    if (const auto message = v2::decode_receipt(payload)) {
      Answer answer{AnswerKind::kStored, message->sequence, message->receipt.bets};
      if (message->receipt.outcome == BatchOutcome::kRefused) {
        answer.kind = AnswerKind::kRefused;
        answer.reason = v2::name_of(message->code) + ": " + escaped(message->sentence, 256);
      } else if (message->receipt.is_duplicate) {
        answer.kind = AnswerKind::kDuplicate;
      }
      return answer;
    }
  } else if (type == static_cast<std::uint8_t>(MessageType::kError)) {
    if (const auto error = v2::decode_error(payload)) {
      return {.kind = AnswerKind::kRefused,
              .reason = v2::name_of(error->code) + ": " + escaped(error->sentence, 256)};
    }
  }
  return unreadable("a message of type " + std::to_string(type));
}

}  // namespace sorteo::cli
