#include "apps/cli/bench/answer_stream.hpp"

#include <utility>

#include "core/message.hpp"
#include "core/version2.hpp"

namespace sorteo::cli {
namespace {

Answer unreadable(std::string reason) {
  return {.kind = AnswerKind::kUnreadable, .reason = std::move(reason)};
}

Answer refused(std::string reason) {
  return {.kind = AnswerKind::kRefused, .reason = std::move(reason)};
}

Answer read_message(const client::ServerMessage& message) {
  if (message.type == static_cast<std::uint8_t>(MessageType::kReceipt)) {
    if (const auto receipt = v2::decode_receipt(message.payload)) {
      if (receipt->receipt.outcome == BatchOutcome::kRefused) {
        return refused(v2::describe(receipt->code, receipt->sentence));
      }
      return {receipt->receipt.is_duplicate ? AnswerKind::kDuplicate : AnswerKind::kStored,
              receipt->sequence, receipt->receipt.bets};
    }
  } else if (message.type == static_cast<std::uint8_t>(MessageType::kError)) {
    if (const auto error = v2::decode_error(message.payload)) {
      return refused(v2::describe(*error));
    }
  }
  return unreadable("a message of type " + std::to_string(message.type));
}

}  // namespace

void AnswerStream::feed(ByteView bytes) {
  if (version_ == WireVersion::k1) {
    packets_.feed(bytes);
  } else {
    messages_.feed(bytes);
  }
}

Answer AnswerStream::next() { return version_ == WireVersion::k1 ? next_packet() : next_message(); }

Answer AnswerStream::next_packet() {
  auto answer = packets_.next();
  if (answer.has_error()) {
    return unreadable(std::move(answer.error().message));
  }
  if (!*answer) {
    return {};
  }
  switch ((*answer)->kind) {
    case client::Answer::Kind::kStored:
      return {.kind = AnswerKind::kStored};
    case client::Answer::Kind::kRefused:
      return refused(std::move((*answer)->reason));
    case client::Answer::Kind::kWait:
    case client::Answer::Kind::kWinners:
      break;
  }
  return unreadable("an answer to a question");
}

Answer AnswerStream::next_message() {
  auto message = messages_.next();
  if (message.has_error()) {
    return unreadable(std::move(message.error().message));
  }
  return *message ? read_message(**message) : Answer();
}

}  // namespace sorteo::cli
