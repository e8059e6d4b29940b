// The real server on a disk that fails while it runs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/version2_reply.hpp"
#include "tests/apps/server/sorteo_server_fixture.hpp"
#include "tests/apps/server/version2_client.hpp"
#include "tests/support/legacy_client.hpp"
#include "tests/support/server_process.hpp"

namespace sorteo::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using v2::ErrorCode;

class SorteoServerDiskFailureTest : public SorteoServerTest {
 protected:
  // A server whose disk fails once fail() was called.
  ServerProcess start() const {
    return ServerProcess({"env", std::string("LD_PRELOAD=") + SORTEO_FAILING_SYNC,
                          "ASAN_OPTIONS=verify_asan_link_order=0",
                          "SORTEO_TEST_SYNC_FAILS=" + (directory_ / "fail"), kServer, "--config",
                          config()});
  }
  void fail() const { directory_.write("fail", ""); }
};

TEST_F(SorteoServerDiskFailureTest, EndsItWithEightAfterEverybodyWasTold) {
  auto server = start();
  const Version2Client client(server.port(), 1);
  client.send_hello();
  client.send_batch(1, {ana()});
  EXPECT_TRUE(client.receive_welcome().has_value());
  EXPECT_TRUE(client.receive_receipt().has_value());
  const Version2Client waiting(server.port(), 1);
  waiting.send_await(600'000);
  fail();
  client.send_batch(2, {ana()});
  EXPECT_EQ(client.receive_error(), ErrorCode::kStorageFailed);
  EXPECT_EQ(waiting.receive_error(), ErrorCode::kClosing);
  EXPECT_EQ(server.process().wait(), exited(8));
  const std::string log = server.process().err();
  EXPECT_THAT(log, HasSubstr("action: stop | result: in_progress | error: the store has failed"));
  EXPECT_THAT(log, HasSubstr("action: stop | result: fail"));
  EXPECT_THAT(log, Not(HasSubstr("action: stop | result: success")));
}

TEST_F(SorteoServerDiskFailureTest, TellsClientsOfVersion1ThatItIsUnknown) {
  auto server = start();
  fail();
  EXPECT_EQ(LegacyClient(server.port()).send_batch(1, {ana()}),
            "ERROR storage failed, whether it is stored is unknown\n");
  EXPECT_EQ(server.process().wait(), exited(8));
}

TEST_F(SorteoServerDiskFailureTest, NextStartTellsTheOutcome) {
  {
    auto server = start();
    const Version2Client client(server.port(), 1);
    client.send_batch(1, {ana()});
    EXPECT_TRUE(client.receive_receipt().has_value());
    fail();
    client.send_batch(2, {tiago()});
    EXPECT_EQ(client.receive_error(), ErrorCode::kStorageFailed);
    EXPECT_EQ(server.process().wait(), exited(8));
  }
  ServerProcess server(kServer, config());
  const Version2Client client(server.port(), 1);
  client.send_batch(1, {ana()});
  client.send_batch(2, {tiago()});
  client.send_finish(2);
  EXPECT_TRUE(client.receive_receipt()->receipt.is_duplicate);
  EXPECT_EQ(client.receive_receipt()->receipt.bets, 1U);
  EXPECT_EQ(client.receive(), v2::message_reply(MessageType::kFinished, v2::encode_finished(2)));
}

}  // namespace
}  // namespace sorteo::test
