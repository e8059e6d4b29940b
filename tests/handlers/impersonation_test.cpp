// A peer whose certificate names agency 1 speaks in the name of others: nothing of it is done, it
// is told so, and the log tells who tried.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "core/version2_reply.hpp"
#include "handlers/await_winners_handler.hpp"
#include "handlers/batch_bet_handler.hpp"
#include "handlers/bet_handler.hpp"
#include "handlers/consulta_handler.hpp"
#include "handlers/finish_handler.hpp"
#include "handlers/hello_handler.hpp"
#include "handlers/once_batch_handler.hpp"
#include "tests/support/batch_bytes.hpp"
#include "tests/support/manual_background.hpp"
#include "tests/support/mock_bet_store.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/recording_sink.hpp"
#include "tests/support/version2_answers.hpp"

namespace sorteo {
namespace {

using testing::HasSubstr;
using testing::StrictMock;

constexpr std::uint32_t kOther = 2;

struct Case {
  MessageType type;
  std::string payload;  // of a good request in the name of agency 2; kBet speaks for agency 0
};

std::vector<Case> every_request() {
  const std::string packets = test::packets_of({test::ana()});
  return {
      {MessageType::kBet, test::bet_bytes(test::ana())},
      {MessageType::kBatchBet, test::batch_bytes(kOther, {test::ana()})},
      {MessageType::kConsulta, test::agency_bytes(kOther)},
      {MessageType::kHello, v2::encode(v2::Hello{.agency = kOther, .session = {}})},
      {MessageType::kOnceBatch, test::once_batch_bytes(kOther, test::session_of(1), 1, packets)},
      {MessageType::kFinish, v2::encode(v2::Finish{kOther, 0})},
      {MessageType::kAwaitWinners, v2::encode(v2::AwaitWinners{kOther, 60'000})},
  };
}

// A store of which nothing may be asked but what it held when it was opened.
class UntouchedStore final : public StrictMock<test::MockBetStore> {
 public:
  UntouchedStore() { EXPECT_CALL(*this, recovered).Times(testing::AnyNumber()); }
};

class ImpersonationTest : public testing::TestWithParam<Case> {
 protected:
  ImpersonationTest() {
    add(MessageType::kBet, std::make_unique<BetHandler>(store_, gate_, log_));
    add(MessageType::kBatchBet, std::make_unique<BatchBetHandler>(store_, gate_, log_));
    add(MessageType::kConsulta, std::make_unique<ConsultaHandler>(store_, draw_, gate_, log_));
    add(MessageType::kHello,
        std::make_unique<HelloHandler>(HelloOptions{}, store_, draw_, gate_, log_));
    add(MessageType::kOnceBatch, std::make_unique<OnceBatchHandler>(store_, gate_, log_));
    add(MessageType::kFinish, std::make_unique<FinishHandler>(store_, draw_, gate_, log_));
    add(MessageType::kAwaitWinners,
        std::make_unique<AwaitWinnersHandler>(room_, draw_, gate_, log_));
  }

  void add(MessageType type, std::unique_ptr<Handler> handler) {
    handlers_[type] = std::move(handler);
  }

  Reply answer_to(const Peer& peer) {
    const auto sink = std::make_shared<test::RecordingSink>();
    const auto type = static_cast<std::uint8_t>(GetParam().type);
    handlers_.at(GetParam().type)
        ->handle({{type, as_bytes(GetParam().payload)}, peer}, Responder(sink, 1, type));
    return sink->replies().at(0);
  }

  // Whatever `peer` asks is refused with `sentence`, without a word to the store or the draw.
  void expect_refused(const Peer& peer, const std::string& sentence) {
    const Reply reply = answer_to(peer);
    if (is_version2(static_cast<std::uint8_t>(GetParam().type))) {
      const auto error = test::error_in(reply);
      ASSERT_TRUE(error.has_value());
      EXPECT_EQ(error->code, v2::ErrorCode::kForbidden);
      EXPECT_EQ(error->request, static_cast<std::uint8_t>(GetParam().type));
      EXPECT_FALSE(error->is_repeatable);
      EXPECT_EQ(error->sentence, sentence);
    } else {
      EXPECT_EQ(reply, error_reply(sentence));
    }
    ASSERT_EQ(log_.lines().size(), 1U);
    EXPECT_EQ(log_.lines()[0].level, LogLevel::kWarning);
    EXPECT_THAT(log_.lines()[0].text, HasSubstr(" | result: fail | agencia: "));
    EXPECT_THAT(log_.lines()[0].text, HasSubstr(" | error: " + sentence + " | certificado: "));
    EXPECT_THAT(log_.lines()[0].text, testing::EndsWith(" | ip: " + peer.address));
    EXPECT_FALSE(draw_.has_finished(kOther));
    EXPECT_EQ(room_.size(), 0U);
  }

  UntouchedStore store_;
  test::RecordingLog log_;
  test::ManualBackground background_;
  AgencyGate gate_;
  Draw draw_{{.agencies = 5, .winning_number = 7574}, store_, background_.runner(), log_};
  WaitingRoom room_{{}, draw_, log_};
  std::map<MessageType, std::unique_ptr<Handler>> handlers_;
};

TEST_P(ImpersonationTest, AnotherAgencysNameIsRefused) {
  expect_refused({"10.0.0.1:40112", std::vector<std::uint32_t>{1}},
                 "the certificate does not name this agency");
  EXPECT_EQ(gate_.counters().foreign, 1U);
}

TEST_P(ImpersonationTest, ADisabledAgencyIsRefusedToEverybody) {
  gate_.change({.disabled = {0, kOther}});
  expect_refused({"10.0.0.1:40112"}, "the agency is disabled");
  EXPECT_EQ(gate_.counters().disabled, 1U);
}

TEST_P(ImpersonationTest, ADisabledAgencyIsRefusedToItsOwnCertificate) {
  gate_.change({.disabled = {0, kOther}});
  expect_refused({"10.0.0.1:40112", std::vector<std::uint32_t>{0, kOther}},
                 "the agency is disabled");
}

INSTANTIATE_TEST_SUITE_P(EveryRequest, ImpersonationTest, testing::ValuesIn(every_request()),
                         [](const auto& request) {
                           return "Type" +
                                  std::to_string(static_cast<unsigned>(request.param.type));
                         });

class RateTest : public ImpersonationTest {};

TEST_P(RateTest, BetsOverTheRateAreToldToComeBackAndNotStored) {
  gate_.change({.disabled = {}, .max_bets_per_second = 1});
  for (const std::uint32_t agency : {0U, kOther}) {
    ASSERT_EQ(gate_.take(agency, 3600, AgencyGate::Clock::now()), std::nullopt);
  }
  const Reply reply = answer_to({"10.0.0.1:40112"});
  std::string sentence;
  if (is_version2(static_cast<std::uint8_t>(GetParam().type))) {
    const auto error = test::error_in(reply);
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->code, v2::ErrorCode::kBusy);
    EXPECT_TRUE(error->is_repeatable);
    EXPECT_GT(error->after_ms, 3'000'000U);
    sentence = error->sentence;
  } else {
    const std::string payload(reply.payload.view());
    EXPECT_TRUE(payload.starts_with("ERROR "));
    sentence = payload.substr(6);
  }
  EXPECT_THAT(sentence, testing::StartsWith("busy, try again in 3"));
  EXPECT_THAT(log_.lines().at(0).text,
              HasSubstr(" | error: the agency sends more bets a second than it may | retry_ms: 3"));
}

std::vector<Case> requests_with_bets() {
  std::vector<Case> requests = every_request();
  std::erase_if(requests, [](const Case& request) {
    return request.type != MessageType::kBet && request.type != MessageType::kBatchBet &&
           request.type != MessageType::kOnceBatch;
  });
  return requests;
}

INSTANTIATE_TEST_SUITE_P(RequestsWithBets, RateTest, testing::ValuesIn(requests_with_bets()),
                         [](const auto& request) {
                           return "Type" +
                                  std::to_string(static_cast<unsigned>(request.param.type));
                         });

}  // namespace
}  // namespace sorteo
