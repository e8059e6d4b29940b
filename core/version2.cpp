#include "core/version2.hpp"

#include <algorithm>
#include <string_view>

#include "core/payload_reader.hpp"

namespace sorteo::v2 {
namespace {

constexpr std::string_view kMagic = "SORTEO";

// Tags of the fields at the end of a Hello and of a Welcome.
constexpr std::uint8_t kGoAwayTag = 1;
constexpr std::uint8_t kMaxFrameTag = 16;
constexpr std::uint8_t kMaxBatchTag = 17;
constexpr std::uint8_t kWindowTag = 18;
constexpr std::uint8_t kDurabilityTag = 19;
constexpr std::uint8_t kIntervalTag = 20;
constexpr std::uint8_t kServerVersionTag = 21;
constexpr std::uint8_t kLastRefusedTag = 22;

constexpr std::uint8_t kFinishedState = 1;
constexpr std::uint8_t kHeldState = 2;

constexpr std::uint8_t kDuplicateFlag = 1;

void append_magic(std::string& to) { to += kMagic; }

bool take_magic(PayloadReader& reader) noexcept {
  return as_text(reader.take(kMagic.size())) == kMagic;
}

void append_session(std::string& to, const SessionId& session) {
  to += as_text(ByteView(session.bytes));
}

SessionId take_session(PayloadReader& reader) noexcept {
  SessionId session;
  std::ranges::copy(reader.take(session.bytes.size()), session.bytes.begin());
  return session;
}

void append_features(std::string& to, std::uint32_t features) {
  if ((features & kGoAwayFeature) != 0) {
    append_field(to, kGoAwayTag, {});
  }
}

void append_text(std::string& to, std::uint8_t tag, std::string_view text) {
  if (!text.empty()) {
    append_field(to, tag, text.substr(0, kMaxTextBytes));
  }
}

void append_number(std::string& to, std::uint8_t tag, std::uint32_t number) {
  if (number != 0) {
    append_field_u32(to, tag, number);
  }
}

std::uint32_t number_in(const TaggedField& field) noexcept {
  return field.value.size() == sizeof(std::uint32_t) ? load_u32(field.value.data()) : 0;
}

std::string text_in(const TaggedField& field) {
  return std::string(as_text(field.value).substr(0, kMaxTextBytes));
}

void take_field(const TaggedField& field, Welcome& to) {
  switch (field.tag) {
    case kGoAwayTag:
      to.features |= kGoAwayFeature;
      break;
    case kMaxFrameTag:
      to.max_frame_bytes = number_in(field);
      break;
    case kMaxBatchTag:
      to.max_batch_bytes = number_in(field);
      break;
    case kWindowTag:
      to.window = number_in(field);
      break;
    case kDurabilityTag:
      to.durability = text_in(field);
      break;
    case kIntervalTag:
      to.interval_ms = number_in(field);
      break;
    case kServerVersionTag:
      to.server_version = text_in(field);
      break;
    case kLastRefusedTag:
      to.last_refused =
          field.value.size() == sizeof(std::uint64_t) ? load_u64(field.value.data()) : 0;
      break;
    default:
      break;  // of a later version
  }
}

}  // namespace

std::string encode(const Hello& hello) {
  std::string payload;
  append_magic(payload);
  append_u8(payload, hello.least_version);
  append_u8(payload, hello.most_version);
  append_u32(payload, hello.agency);
  append_session(payload, hello.session);
  append_features(payload, hello.features);
  return payload;
}

std::optional<Hello> decode_hello(ByteView payload) {
  PayloadReader reader(payload);
  if (!take_magic(reader)) {
    return std::nullopt;
  }
  Hello hello;
  hello.least_version = reader.u8();
  hello.most_version = reader.u8();
  hello.agency = reader.u32();
  hello.session = take_session(reader);
  while (const auto field = next_field(reader)) {
    hello.features |= field->tag == kGoAwayTag ? kGoAwayFeature : 0U;
  }
  if (!reader.ok() || hello.least_version > hello.most_version) {
    return std::nullopt;
  }
  return hello;
}

std::string encode(const Welcome& welcome) {
  std::string payload;
  append_magic(payload);
  append_u8(payload, welcome.version);
  append_u8(payload, static_cast<std::uint8_t>((welcome.has_finished ? kFinishedState : 0) |
                                               (welcome.is_draw_held ? kHeldState : 0)));
  append_u64(payload, welcome.durable);
  append_u64(payload, welcome.agency_bets);
  append_features(payload, welcome.features);
  append_number(payload, kMaxFrameTag, welcome.max_frame_bytes);
  append_number(payload, kMaxBatchTag, welcome.max_batch_bytes);
  append_number(payload, kWindowTag, welcome.window);
  append_text(payload, kDurabilityTag, welcome.durability);
  append_number(payload, kIntervalTag, welcome.interval_ms);
  append_text(payload, kServerVersionTag, welcome.server_version);
  if (welcome.last_refused != 0) {
    append_field_u64(payload, kLastRefusedTag, welcome.last_refused);
  }
  return payload;
}

std::optional<Welcome> decode_welcome(ByteView payload) {
  PayloadReader reader(payload);
  if (!take_magic(reader)) {
    return std::nullopt;
  }
  Welcome welcome;
  welcome.version = reader.u8();
  const std::uint8_t state = reader.u8();
  welcome.has_finished = (state & kFinishedState) != 0;
  welcome.is_draw_held = (state & kHeldState) != 0;
  welcome.durable = reader.u64();
  welcome.agency_bets = reader.u64();
  while (const auto field = next_field(reader)) {
    take_field(*field, welcome);
  }
  return reader.ok() ? std::optional(std::move(welcome)) : std::nullopt;
}

void append_once_batch_header(std::string& to, std::uint32_t agency, const SessionId& session,
                              std::uint64_t sequence) {
  append_u32(to, agency);
  append_session(to, session);
  append_u64(to, sequence);
}

std::optional<OnceBatch> decode_once_batch(ByteView payload) {
  PayloadReader reader(payload);
  OnceBatch batch;
  batch.agency = reader.u32();
  batch.session = take_session(reader);
  batch.sequence = reader.u64();
  batch.packets = reader.rest();
  if (!reader.ok() || batch.sequence == 0) {
    return std::nullopt;
  }
  return batch;
}

ReplyPayload receipt_payload(const ReceiptMessage& message) {
  const Receipt& receipt = message.receipt;
  std::byte fixed[kReceiptBytes];
  store_u64(fixed, message.sequence);
  store_u64(fixed + 8, receipt.durable);
  fixed[16] = static_cast<std::byte>(receipt.outcome);
  fixed[17] = static_cast<std::byte>(receipt.is_duplicate ? kDuplicateFlag : 0);
  store_u32(fixed + 18, receipt.bets);
  ReplyPayload payload(as_text(fixed));
  if (receipt.outcome == BatchOutcome::kRefused) {
    std::byte code[2];
    store_u16(code, static_cast<std::uint16_t>(message.code));
    payload.append(as_text(code));
    payload.append(std::string_view(message.sentence).substr(0, kMaxTextBytes));
  }
  return payload;
}

std::optional<ReceiptMessage> decode_receipt(ByteView payload) {
  PayloadReader reader(payload);
  ReceiptMessage message;
  message.sequence = reader.u64();
  message.receipt.durable = reader.u64();
  const std::uint8_t outcome = reader.u8();
  message.receipt.is_duplicate = (reader.u8() & kDuplicateFlag) != 0;
  message.receipt.bets = reader.u32();
  if (outcome == static_cast<std::uint8_t>(BatchOutcome::kStored)) {
    return reader.ended() ? std::optional(std::move(message)) : std::nullopt;
  }
  message.receipt.outcome = BatchOutcome::kRefused;
  message.code = static_cast<ErrorCode>(reader.u16());
  if (outcome != static_cast<std::uint8_t>(BatchOutcome::kRefused) || !reader.ok() ||
      reader.rest().size() > kMaxTextBytes) {
    return std::nullopt;
  }
  message.sentence = as_text(reader.rest());
  return message;
}

std::string encode(const Finish& finish) {
  std::string payload;
  append_u32(payload, finish.agency);
  append_u64(payload, finish.bets);
  return payload;
}

std::optional<Finish> decode_finish(ByteView payload) {
  PayloadReader reader(payload);
  Finish finish;
  finish.agency = reader.u32();
  finish.bets = reader.u64();
  return reader.ended() ? std::optional(finish) : std::nullopt;
}

std::string encode_finished(std::uint64_t agency_bets) {
  std::string payload;
  append_u64(payload, agency_bets);
  return payload;
}

std::optional<std::uint64_t> decode_finished(ByteView payload) {
  PayloadReader reader(payload);
  const std::uint64_t agency_bets = reader.u64();
  return reader.ended() ? std::optional(agency_bets) : std::nullopt;
}

std::string encode(const AwaitWinners& question) {
  std::string payload;
  append_u32(payload, question.agency);
  append_u32(payload, question.wait_ms);
  return payload;
}

std::optional<AwaitWinners> decode_await_winners(ByteView payload) {
  PayloadReader reader(payload);
  AwaitWinners question;
  question.agency = reader.u32();
  question.wait_ms = reader.u32();
  return reader.ended() ? std::optional(question) : std::nullopt;
}

std::string encode_winners(std::uint32_t winning_number, std::span<const std::uint32_t> documents) {
  std::string payload;
  payload.reserve((documents.size() + 1) * sizeof(std::uint32_t));
  append_u32(payload, winning_number);
  for (const std::uint32_t document : documents) {
    append_u32(payload, document);
  }
  return payload;
}

std::optional<Winners> decode_winners(ByteView payload) {
  PayloadReader reader(payload);
  Winners winners;
  winners.winning_number = reader.u32();
  if (reader.rest().size() % sizeof(std::uint32_t) != 0) {
    return std::nullopt;
  }
  winners.documents.reserve(reader.rest().size() / sizeof(std::uint32_t));
  while (reader.ok() && !reader.rest().empty()) {
    winners.documents.push_back(reader.u32());
  }
  return reader.ok() ? std::optional(std::move(winners)) : std::nullopt;
}

}  // namespace sorteo::v2
