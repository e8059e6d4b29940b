#include "apps/cli/bench/answer_stream.hpp"

#include <algorithm>

#include "core/message.hpp"
#include "core/text.hpp"
#include "core/version2.hpp"

namespace sorteo::cli {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kUsualAnswerBytes = 32;
constexpr std::size_t kMaxAnswerBytes = 64 * 1024;
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
  if (message->size() == header_bytes_ && size_of_message(*message) > kMaxAnswerBytes) {
    return unreadable("an answer of " + std::to_string(size_of_message(*message)) + " bytes");
  }
  const ByteView payload = message->subspan(header_bytes_);
  return version_ == WireVersion::k1
             ? read_packet(payload)
             : read_message(std::to_integer<std::uint8_t>(message->front()), payload);
}

// A whole message; or the header alone of one that is longer than any answer.
std::optional<ByteView> AnswerStream::take_message() {
  if (carry_is_read_) {
    carry_.clear();
    carry_is_read_ = false;
  }
  if (carry_.empty() && rest_.size() >= header_bytes_) {
    const std::size_t size = size_of_message(rest_);
    if (const ByteView message =
            rest_.first(size > kMaxAnswerBytes ? header_bytes_ : std::min(size, rest_.size()));
        size > kMaxAnswerBytes || message.size() == size) {
      rest_ = rest_.subspan(message.size());
      return message;
    }
  }
  if (!carry_up_to(header_bytes_)) {
    return std::nullopt;
  }
  const std::size_t size = size_of_message(as_bytes(carry_));
  if (size <= kMaxAnswerBytes && !carry_up_to(size)) {
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

std::size_t AnswerStream::size_of_message(ByteView header) const noexcept {
  return header_bytes_ + load_u32(header.data() + header_bytes_ - kLengthBytes);
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
