// The store's callbacks when memory has run out: the answer is sent all the same, and tells the
// truth.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/small_text.hpp"
#include "core/version2.hpp"
#include "core/version2_reply.hpp"
#include "handlers/batch_bet_handler.hpp"
#include "handlers/bet_handler.hpp"
#include "handlers/consulta_handler.hpp"
#include "handlers/finish_handler.hpp"
#include "handlers/once_batch_handler.hpp"
#include "tests/handlers/memory_shortage.hpp"
#include "tests/support/batch_bytes.hpp"
#include "tests/support/manual_background.hpp"
#include "tests/support/mock_bet_store.hpp"
#include "tests/support/version2_answers.hpp"

namespace sorteo {
namespace {

using test::ana;
using test::keep_completion;
using testing::NiceMock;

class OneReply final : public ReplySink {
 public:
  void deliver(std::uint64_t, Reply reply) noexcept override { reply_ = std::move(reply); }
  bool is_abandoned() const noexcept override { return false; }
  const std::optional<Reply>& reply() const noexcept { return reply_; }

 private:
  std::optional<Reply> reply_;
};

constexpr std::string_view kLost = "action: log | result: fail | error: out of memory";

class LastLine final : public Log {
 public:
  bool enabled(LogLevel) const noexcept override { return true; }
  void write(LogLevel, std::string_view line) noexcept override { line_ = SmallText<200>(line); }
  std::string_view line() const noexcept { return line_; }

 private:
  SmallText<200> line_;
};

class MemoryShortageTest : public testing::Test {
 protected:
  MemoryShortageTest() {
    ON_CALL(store_, append).WillByDefault(keep_completion(done_));
    ON_CALL(store_, record_finish).WillByDefault(keep_completion(done_));
    ON_CALL(store_, append_once).WillByDefault(test::keep_receipt(receipt_));
    ON_CALL(store_, record_counted_finish)
        .WillByDefault([this](std::uint32_t, std::uint64_t, BetStore::CountCompletion done) {
          count_ = std::move(done);
        });
  }

  // What `handler` answers when the store calls back after memory has run out.
  std::optional<Reply> answer(Handler& handler, std::uint8_t type, const std::string& payload,
                              boost::system::error_code error) {
    const auto sink = std::make_shared<OneReply>();
    handler.handle({{type, as_bytes(payload)}, peer_}, Responder(sink, 1, type));
    test::set_out_of_memory(true);
    if (done_) {
      done_(error);
    } else if (receipt_) {
      receipt_(error, {});
    } else {
      count_(error, 0);
    }
    test::set_out_of_memory(false);
    return sink->reply();
  }

  const Peer peer_{"127.0.0.1:40112"};
  BetStore::Completion done_;
  BetStore::ReceiptCompletion receipt_;
  BetStore::CountCompletion count_;
  NiceMock<test::MockBetStore> store_;
  test::ManualBackground background_;
  AgencyGate gate_;
  LastLine log_;
};

TEST_F(MemoryShortageTest, StoredBatchIsAnsweredOk) {
  BatchBetHandler handler(store_, gate_, log_);
  EXPECT_EQ(answer(handler, 1, test::batch_bytes(1, {ana()}), {}), ok_reply());
  EXPECT_EQ(log_.line(), "action: apuesta_recibida | result: success | cantidad: 1");
}

TEST_F(MemoryShortageTest, RefusedBatchIsAnsweredInternal) {
  BatchBetHandler handler(store_, gate_, log_);
  EXPECT_EQ(answer(handler, 1, test::batch_bytes(1, {ana()}), StoreError::kFull),
            error_reply("INTERNAL"));
  EXPECT_EQ(log_.line(), kLost);
}

TEST_F(MemoryShortageTest, StoredBetIsAnsweredOk) {
  BetHandler handler(store_, gate_, log_);
  EXPECT_EQ(answer(handler, 0, test::bet_bytes(ana()), {}), ok_reply());
  EXPECT_THAT(log_.line(), testing::StartsWith("action: apuesta_almacenada | result: success"));
}

TEST_F(MemoryShortageTest, AgencyThatFinishedIsToldToAskAgain) {
  Draw draw({.agencies = 2, .winning_number = 7574}, store_, background_.runner(), log_);
  ConsultaHandler handler(store_, draw, gate_, log_);
  EXPECT_EQ(answer(handler, 2, test::agency_bytes(1), {}), wait_reply());
  EXPECT_FALSE(draw.has_finished(1));
}

TEST_F(MemoryShortageTest, StoredBatchWithAnIdentityHasItsReceipt) {
  OnceBatchHandler handler(store_, gate_, log_);
  const std::string batch = test::once_batch_bytes(1, test::session_of(1), 1, "");
  EXPECT_EQ(answer(handler, 0x12, batch, {}),
            v2::message_reply(
                MessageType::kReceipt,
                v2::encode(v2::ReceiptMessage{.sequence = 1, .receipt = {}, .sentence = {}})));
  EXPECT_EQ(log_.line(), "action: apuesta_recibida | result: success | cantidad: 0");
}

// In version 2 the same batch, sent again, tells the outcome.
TEST_F(MemoryShortageTest, RefusedBatchWithAnIdentityIsAnsweredInternalWithoutASentence) {
  OnceBatchHandler handler(store_, gate_, log_);
  const std::string batch = test::once_batch_bytes(1, test::session_of(1), 1, "");
  EXPECT_EQ(answer(handler, 0x12, batch, make_error_code(StoreError::kSequenceGap)),
            v2::error_reply(v2::ErrorCode::kInternal, 0x12, ""));
  EXPECT_EQ(log_.line(), kLost);
}

TEST_F(MemoryShortageTest, AgencyThatFinishedInVersion2IsAnsweredInternalAndMayAskAgain) {
  Draw draw({.agencies = 2, .winning_number = 7574}, store_, background_.runner(), log_);
  FinishHandler handler(store_, draw, gate_, log_);
  EXPECT_EQ(answer(handler, 0x14, v2::encode(v2::Finish{1, 0}), {}),
            v2::error_reply(v2::ErrorCode::kInternal, 0x14, ""));
  EXPECT_FALSE(draw.has_finished(1));
}

}  // namespace
}  // namespace sorteo
