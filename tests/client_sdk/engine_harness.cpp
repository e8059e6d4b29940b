#include "tests/client_sdk/engine_harness.hpp"

#include <gtest/gtest.h>

#include "core/payload_reader.hpp"
#include "tests/client_sdk/test_client.hpp"

namespace sorteo::client {
namespace {

constexpr std::uint32_t kAgency = 5;
constexpr std::uint64_t kBets = 10;

std::string describe_once_batch(ByteView payload, const SessionId& session) {
  const auto batch = v2::decode_once_batch(payload);
  if (!batch || batch->agency != kAgency || batch->session != session) {
    return "a wrong batch";
  }
  const std::string number = std::to_string(batch->sequence);
  if (batch->packets.empty()) {
    return "empty " + number;
  }
  return as_text(batch->packets) == "packets of batch " + number ? "batch " + number
                                                                 : "another batch " + number;
}

std::string describe_request(std::uint8_t type, ByteView payload, const SessionId& session) {
  switch (static_cast<MessageType>(type)) {
    case MessageType::kHello: {
      const auto hello = v2::decode_hello(payload);
      return hello && hello->agency == kAgency && hello->session == session ? "hello"
                                                                            : "a wrong hello";
    }
    case MessageType::kOnceBatch:
      return describe_once_batch(payload, session);
    case MessageType::kFinish: {
      const auto finish = v2::decode_finish(payload);
      return finish ? "finish " + std::to_string(finish->bets) : "a wrong finish";
    }
    case MessageType::kAwaitWinners: {
      const auto question = v2::decode_await_winners(payload);
      return question ? "await " + std::to_string(question->wait_ms) : "a wrong question";
    }
    default:
      return "type " + std::to_string(type);
  }
}

}  // namespace

EngineOptions EngineHarness::usual_options() {
  EngineOptions options;
  options.agency = kAgency;
  options.session = session();
  options.window = 4;
  options.seed = 1;
  return options;
}

SessionId EngineHarness::session() {
  SessionId session;
  session.bytes.fill(std::byte{7});
  return session;
}

void EngineHarness::push(int count) {
  for (int at = 0; at < count; ++at) {
    const std::uint64_t number = bets_ / kBets + 1;
    OutgoingBatch batch{bets_ + 1, kBets, "packets of batch " + std::to_string(number)};
    EXPECT_TRUE(engine_.has_room());
    EXPECT_EQ(engine_.push(batch), std::nullopt);
    bets_ += kBets;
  }
}

void EngineHarness::connect() {
  const auto at = engine_.connect_at();
  ASSERT_TRUE(at) << "no connection is wanted: " << failure();
  now_ = std::max(now_, *at);
  engine_.on_connected(now_);
}

void EngineHarness::close(const std::string& cause) {
  engine_.on_closed(Stage::kAnswer, cause, now_);
}

void EngineHarness::refuse_connection() {
  const auto at = engine_.connect_at();
  ASSERT_TRUE(at) << "no connection is wanted: " << failure();
  now_ = std::max(now_, *at);
  engine_.on_connect_failed(FailureKind::kDisconnected, Stage::kConnect, "refused", now_);
}

void EngineHarness::pass(std::chrono::milliseconds time) {
  now_ += time;
  engine_.on_time(now_);
}

void EngineHarness::pass_to_next_time() {
  ASSERT_NE(engine_.next_time(), Clock::time_point::max());
  now_ = std::max(now_, engine_.next_time());
  engine_.on_time(now_);
}

void EngineHarness::welcome(std::uint64_t durable) { receive(welcome_message(durable)); }

void EngineHarness::welcome(const v2::Welcome& welcome) {
  receive(message(MessageType::kWelcome, v2::encode(welcome)));
}

void EngineHarness::stored(std::uint64_t sequence, std::uint32_t bets) {
  receive(receipt({sequence, {BatchOutcome::kStored, false, bets, sequence}, {}, {}}));
}

void EngineHarness::error(v2::ErrorCode code, MessageType request) {
  error(v2::make_error(code, static_cast<std::uint8_t>(request), "why"));
}

void EngineHarness::error(const v2::Error& error) {
  receive(message(MessageType::kError, v2::encode(error)));
}

void EngineHarness::go_away(std::uint32_t after_ms) {
  receive(message(MessageType::kGoAway, v2::encode(v2::GoAway{after_ms, "closing"})));
}

void EngineHarness::open(std::uint64_t durable) {
  connect();
  EXPECT_EQ(written(), std::vector<std::string>{"hello"});
  welcome(durable);
}

std::vector<std::string> EngineHarness::written() {
  std::vector<std::string> requests;
  const std::string bytes = engine_.take_output(now_);
  PayloadReader reader(as_bytes(bytes));
  while (!reader.rest().empty()) {
    const std::uint8_t type = reader.u8();
    const ByteView payload = reader.take(reader.u32());
    if (!reader.ok()) {
      requests.emplace_back("a cut request");
      break;
    }
    requests.push_back(describe_request(type, payload, session()));
  }
  return requests;
}

std::vector<std::string> EngineHarness::outcomes() {
  std::vector<std::string> result;
  while (const auto settled = engine_.take_settled()) {
    std::string text =
        describe(BatchResult{settled->bets.first, settled->bets.count, settled->outcome, {}});
    if (!settled->reason.empty()) {
      text += ": " + settled->reason;
    }
    result.push_back(std::move(text));
  }
  return result;
}

std::string EngineHarness::failure() const {
  const auto& failure = engine_.failure();
  if (!failure) {
    return {};
  }
  switch (failure->kind) {
    case FailureKind::kTimedOut:
      return "timed out: " + failure->cause;
    case FailureKind::kDisconnected:
      return "disconnected: " + failure->cause;
    case FailureKind::kRefused:
      return "refused: " + failure->cause;
    case FailureKind::kBadAnswer:
      return "bad answer: " + failure->cause;
    default:
      return "another kind: " + failure->cause;
  }
}

std::string EngineHarness::answer() {
  const auto answer = engine_.take_answer();
  if (!answer) {
    return {};
  }
  switch (answer->what) {
    case QuestionAnswer::What::kFinished:
      return "finished";
    case QuestionAnswer::What::kWinners:
      return std::to_string(answer->winners.size()) + " winners";
    case QuestionAnswer::What::kNotHeld:
      return "not held";
    case QuestionAnswer::What::kRefused:
      return "refused: " + answer->reason;
  }
  return "unknown";
}

std::string message(MessageType type, std::string_view payload) {
  std::string bytes;
  append_u8(bytes, static_cast<std::uint8_t>(type));
  append_u32(bytes, static_cast<std::uint32_t>(payload.size()));
  bytes += payload;
  return bytes;
}

std::string receipt(const v2::ReceiptMessage& receipt) {
  return message(MessageType::kReceipt, v2::encode(receipt));
}

std::string welcome_message(std::uint64_t durable) {
  v2::Welcome welcome;
  welcome.durable = durable;
  welcome.features = v2::kGoAwayFeature;
  welcome.durability = "fsync";
  return message(MessageType::kWelcome, v2::encode(welcome));
}

}  // namespace sorteo::client
