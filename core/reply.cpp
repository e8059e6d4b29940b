#include "core/reply.hpp"

#include <algorithm>
#include <utility>

namespace sorteo {
namespace {

constexpr std::string_view kOk = "OK\n";
constexpr std::string_view kError = "ERROR ";

}  // namespace

Reply ok_reply() { return {Reply::Envelope::kPacket, 0, kOk}; }

Reply error_reply(std::string_view reason) {
  std::string payload(kError);
  payload += reason;
  std::replace_if(
      payload.begin(), payload.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  payload += '\n';
  return {Reply::Envelope::kPacket, 0, std::move(payload)};
}

Reply wait_reply() {
  return {Reply::Envelope::kMessage, static_cast<std::uint8_t>(MessageType::kRespuestaWait), {}};
}

Reply winners_reply(std::span<const std::uint32_t> documents) {
  std::string payload;
  payload.reserve(documents.size() * sizeof(std::uint32_t));
  for (const std::uint32_t document : documents) {
    append_u32(payload, document);
  }
  return {Reply::Envelope::kMessage, static_cast<std::uint8_t>(MessageType::kRespuestaWinner),
          std::move(payload)};
}

std::optional<BatchAnswer> parse_batch_answer(ByteView payload) {
  std::string_view text = as_text(payload);
  if (text == kOk) {
    return BatchAnswer{true, {}};
  }
  if (!text.starts_with(kError) || !text.ends_with('\n')) {
    return std::nullopt;
  }
  text.remove_prefix(kError.size());
  text.remove_suffix(1);
  return BatchAnswer{false, std::string(text)};
}

std::optional<std::vector<std::uint32_t>> parse_winners(ByteView payload) {
  if (payload.size() % sizeof(std::uint32_t) != 0) {
    return std::nullopt;
  }
  std::vector<std::uint32_t> documents;
  documents.reserve(payload.size() / sizeof(std::uint32_t));
  for (std::size_t at = 0; at < payload.size(); at += sizeof(std::uint32_t)) {
    documents.push_back(load_u32(payload.data() + at));
  }
  return documents;
}

}  // namespace sorteo
