#include "handlers/hello_handler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/handler_harness.hpp"
#include "tests/support/manual_background.hpp"
#include "tests/support/mock_bet_store.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/version2_answers.hpp"

namespace sorteo {
namespace {

using test::complete_with;
using testing::NiceMock;
using testing::Return;

constexpr auto kHello = static_cast<std::uint8_t>(MessageType::kHello);

class HelloHandlerTest : public testing::Test {
 protected:
  HelloHandlerTest() { ON_CALL(store_, record_draw).WillByDefault(complete_with()); }

  Reply answer(const std::string& payload) {
    return harness_.replies_to(harness_.ask(handler_, kHello, payload)).at(0);
  }
  Reply answer(const v2::Hello& hello) { return answer(v2::encode(hello)); }

  test::HandlerHarness harness_;
  NiceMock<test::MockBetStore> store_;
  test::RecordingLog log_;
  AgencyGate gate_;
  test::ManualBackground background_;
  Draw draw_{{.agencies = 2, .winning_number = 7574}, store_, background_.runner(), log_};
  HelloHandler handler_{{.max_frame_bytes = 4096,
                         .max_batch_bytes = 4068,
                         .window = 64,
                         .durability = "interval",
                         .interval_ms = 50,
                         .server_version = "1.2.3"},
                        store_,
                        draw_,
                        gate_,
                        log_};
  const v2::Hello hello_{.agency = 7, .session = test::session_of(9), .features = 0};
};

TEST_F(HelloHandlerTest, SaysWhatTheServerIsAndWhatItHas) {
  EXPECT_CALL(store_, session(7, test::session_of(9))).WillOnce(Return(SessionState{41, 9000, 17}));
  EXPECT_EQ(test::welcome_in(answer(hello_)), (v2::Welcome{.version = 2,
                                                           .has_finished = false,
                                                           .is_draw_held = false,
                                                           .durable = 41,
                                                           .agency_bets = 9000,
                                                           .last_refused = 17,
                                                           .features = 0,
                                                           .max_frame_bytes = 4096,
                                                           .max_batch_bytes = 4068,
                                                           .window = 64,
                                                           .durability = "interval",
                                                           .interval_ms = 50,
                                                           .server_version = "1.2.3"}));
}

TEST_F(HelloHandlerTest, SaysWhetherTheAgencyHasFinishedAndTheDrawIsHeld) {
  draw_.agency_finished(7);
  auto welcome = test::welcome_in(answer(hello_));
  ASSERT_TRUE(welcome.has_value());
  EXPECT_TRUE(welcome->has_finished);
  EXPECT_FALSE(welcome->is_draw_held);
  draw_.agency_finished(8);
  welcome = test::welcome_in(answer(hello_));
  ASSERT_TRUE(welcome.has_value());
  EXPECT_TRUE(welcome->is_draw_held);
}

TEST_F(HelloHandlerTest, AcceptsTheFeaturesThatItKnows) {
  v2::Hello hello = hello_;
  EXPECT_FALSE(answer(hello).accepts_go_away);
  hello.features = v2::kGoAwayFeature;
  const Reply reply = answer(hello);
  EXPECT_TRUE(reply.accepts_go_away);
  const auto welcome = test::welcome_in(reply);
  ASSERT_TRUE(welcome.has_value());
  EXPECT_EQ(welcome->features, v2::kGoAwayFeature);
}

TEST_F(HelloHandlerTest, ClientOfLaterVersionsThatAlsoSpeaksThisOneIsWelcome) {
  v2::Hello hello = hello_;
  hello.most_version = 9;
  const auto welcome = test::welcome_in(answer(hello));
  ASSERT_TRUE(welcome.has_value());
  EXPECT_EQ(welcome->version, 2);
}

TEST_F(HelloHandlerTest, NoVersionInCommonIsAnError) {
  EXPECT_CALL(store_, session).Times(0);
  v2::Hello hello = hello_;
  hello.least_version = 3;
  hello.most_version = 4;
  const Reply reply = answer(hello);
  EXPECT_FALSE(reply.accepts_go_away);
  EXPECT_EQ(test::error_in(reply),
            v2::make_error(v2::ErrorCode::kVersion, kHello,
                           "the client speaks versions 3 to 4, this server speaks 2"));
}

TEST_F(HelloHandlerTest, AnythingElseIsMalformed) {
  const std::string whole = v2::encode(hello_);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto error = test::error_in(answer(whole.substr(0, length)));
    ASSERT_TRUE(error.has_value()) << length;
    EXPECT_EQ(error->code, v2::ErrorCode::kMalformed) << length;
  }
}

}  // namespace
}  // namespace sorteo
