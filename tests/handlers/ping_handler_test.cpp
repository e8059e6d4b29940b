#include "handlers/ping_handler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/version2_reply.hpp"
#include "tests/support/handler_harness.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo {
namespace {

using testing::ElementsAre;

constexpr auto kPing = static_cast<std::uint8_t>(MessageType::kPing);

class PingHandlerTest : public testing::Test {
 protected:
  test::HandlerHarness harness_;
  test::RecordingLog log_;
  PingHandler handler_{log_};
};

TEST_F(PingHandlerTest, GivesTheSameBytesBack) {
  const std::string most(64, '\xff');
  harness_.ask(handler_, kPing, "");
  harness_.ask(handler_, kPing, most);
  EXPECT_THAT(harness_.replies(), ElementsAre(v2::message_reply(MessageType::kPong, ""),
                                              v2::message_reply(MessageType::kPong, most)));
}

TEST_F(PingHandlerTest, LongerOneIsMalformed) {
  harness_.ask(handler_, kPing, std::string(65, 'x'));
  EXPECT_THAT(harness_.replies(),
              ElementsAre(v2::error_reply(v2::ErrorCode::kMalformed, kPing,
                                          "a Ping holds up to 64 bytes, not 65")));
}

}  // namespace
}  // namespace sorteo
