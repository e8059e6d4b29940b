// Version 2 of the protocol as the real server speaks it, beside version 1 on the same port.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "core/version2_reply.hpp"
#include "tests/apps/server/sorteo_server_fixture.hpp"
#include "tests/apps/server/version2_client.hpp"
#include "tests/support/legacy_client.hpp"
#include "tests/support/server_process.hpp"

namespace sorteo::test {
namespace {

using testing::HasSubstr;
using v2::ErrorCode;

constexpr std::uint32_t kLong = 600'000;  // longer than any test waits

Reply winners(std::vector<std::uint32_t> documents) {
  return v2::message_reply(MessageType::kWinners, v2::encode_winners(7574, documents));
}

Reply finished(std::uint64_t bets) {
  return v2::message_reply(MessageType::kFinished, v2::encode_finished(bets));
}

// A server of two agencies that keeps its bets in memory.
class SorteoServerVersion2Test : public SorteoServerTest {
 protected:
  ServerProcess& server(const std::string& limits = "{}") {
    if (server_ == nullptr) {
      server_ = std::make_unique<ServerProcess>(
          kServer,
          directory_.write("server.json", R"({"listen": {"port": 0}, "threads": 2, )"
                                          R"("draw": {"agencies": 2, "winning_number": 7574}, )"
                                          R"("storage": {"type": "memory"}, "limits": )" +
                                              limits + "}"));
    }
    return *server_;
  }
  Version2Client client(std::uint32_t agency, unsigned session = 1) {
    return {server().port(), agency, session};
  }
  LegacyClient legacy() { return LegacyClient(server().port()); }

 private:
  std::unique_ptr<ServerProcess> server_;
};

TEST_F(SorteoServerVersion2Test, WelcomeSaysWhatTheServerIs) {
  const auto client = this->client(7);
  client.send_hello();
  const auto welcome = client.receive_welcome();
  ASSERT_TRUE(welcome.has_value());
  EXPECT_EQ(welcome->version, 2);
  EXPECT_EQ(welcome->features, v2::kGoAwayFeature);
  EXPECT_EQ(welcome->max_frame_bytes, 262'144U);
  EXPECT_EQ(welcome->max_batch_bytes, 262'144U - 28);
  EXPECT_EQ(welcome->window, 64U);
  EXPECT_EQ(welcome->durability, "none");
  EXPECT_EQ(welcome->interval_ms, 0U);
  EXPECT_THAT(welcome->server_version, testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
  EXPECT_EQ(welcome->durable, 0U);
  EXPECT_EQ(welcome->agency_bets, 0U);
}

TEST_F(SorteoServerVersion2Test, WelcomeNamesTheIntervalOfAStoreThatHasOne) {
  const std::string path = directory_.write(
      "interval.json", R"({"listen": {"port": 0}, "storage": {"path": ")" + store() +
                           R"(", "durability": "interval", "interval_ms": 50}})");
  ServerProcess server(kServer, path);
  EXPECT_THAT(server.process().err(), HasSubstr("durability: interval | interval_ms: 50"));
  const Version2Client client(server.port(), 7);
  client.send_hello();
  const auto welcome = client.receive_welcome();
  ASSERT_TRUE(welcome.has_value());
  EXPECT_EQ(welcome->durability, "interval");
  EXPECT_EQ(welcome->interval_ms, 50U);
}

TEST_F(SorteoServerVersion2Test, BatchThatComesAgainIsStoredOnce) {
  {
    const auto client = this->client(1);
    client.send_hello();
    client.send_batch(1, {ana()});
    client.send_batch(2, {tiago(), ana()});
    client.receive_welcome();
    EXPECT_EQ(client.receive_receipt()->receipt, (Receipt{.bets = 1, .durable = 1}));
    EXPECT_EQ(client.receive_receipt()->receipt, (Receipt{.bets = 2, .durable = 2}));
  }
  const auto again = client(1);
  again.send_hello();
  again.send_batch(1, {ana()});
  again.send_batch(3, {ana()});
  const auto welcome = again.receive_welcome();
  ASSERT_TRUE(welcome.has_value());
  EXPECT_EQ(welcome->durable, 2U);
  EXPECT_EQ(welcome->agency_bets, 3U);
  EXPECT_EQ(again.receive_receipt()->receipt,
            (Receipt{.is_duplicate = true, .bets = 1, .durable = 2}));
  EXPECT_EQ(again.receive_receipt()->receipt, (Receipt{.bets = 1, .durable = 3}));
  EXPECT_TRUE(server().process().wait_for_err("cantidad: 1 | duplicada: 1"));
}

TEST_F(SorteoServerVersion2Test, ConflictAndGapStoreNothing) {
  const auto client = this->client(1);
  client.send_batch(1, {ana()});
  client.send_batch(1, {tiago()});
  client.send_batch(3, {tiago()});
  client.send_finish(1);
  EXPECT_TRUE(client.receive_receipt().has_value());
  EXPECT_EQ(client.receive_error(), ErrorCode::kConflict);
  const auto gap = error_in(client.receive().value());
  ASSERT_TRUE(gap.has_value());
  EXPECT_EQ(gap->code, ErrorCode::kSequenceGap);
  EXPECT_EQ(gap->expected, 2U);
  EXPECT_EQ(client.receive(), finished(1));
}

TEST_F(SorteoServerVersion2Test, BrokenBatchDoesNotHoldUpTheNext) {
  Bet wrong = ana();
  wrong.birthdate = "1999-02-30";
  const auto client = this->client(1);
  client.send_batch(1, {ana(), wrong});
  client.send_batch(2, {ana()});
  client.send_batch(1, {ana(), wrong});
  const auto refused = client.receive_receipt();
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->receipt, (Receipt{.outcome = BatchOutcome::kRefused, .durable = 1}));
  EXPECT_EQ(refused->code, ErrorCode::kMalformed);
  EXPECT_EQ(refused->sentence, "bet 2: birthdate \"1999-02-30\" is not a date");
  EXPECT_EQ(client.receive_receipt()->receipt, (Receipt{.bets = 1, .durable = 2}));
  const auto again = client.receive_receipt();
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->receipt.is_duplicate);
  EXPECT_EQ(again->sentence, refused->sentence);
}

TEST_F(SorteoServerVersion2Test, FinishWithAnotherNumberIsRefusedWithBoth) {
  const auto client = this->client(1);
  client.send_batch(1, {ana()});
  client.send_finish(2);
  client.send_batch(2, {tiago()});
  client.send_finish(2);
  client.send_finish(2);
  EXPECT_TRUE(client.receive_receipt().has_value());
  const auto error = error_in(client.receive().value());
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code, ErrorCode::kCountMismatch);
  EXPECT_EQ(error->stored, 1U);
  EXPECT_EQ(error->claimed, 2U);
  EXPECT_TRUE(client.receive_receipt().has_value());
  EXPECT_EQ(client.receive(), finished(2));
  EXPECT_EQ(client.receive(), finished(2));
}

TEST_F(SorteoServerVersion2Test, NoBetsAreTakenAfterTheFinishNorAfterTheDraw) {
  const auto client = this->client(1);
  client.send_batch(1, {ana()});
  client.send_finish(1);
  client.send_batch(2, {ana()});
  client.send_batch(1, {ana()});
  EXPECT_TRUE(client.receive_receipt().has_value());
  EXPECT_EQ(client.receive(), finished(1));
  EXPECT_EQ(client.receive_error(), ErrorCode::kAgencyFinished);
  EXPECT_TRUE(client.receive_receipt()->receipt.is_duplicate);
  EXPECT_EQ(legacy().send_batch(1, {ana()}), "ERROR the agency has finished\n");
  const auto other = this->client(2);
  other.send_finish(0);
  other.send_batch(1, {ana()});
  EXPECT_EQ(other.receive(), finished(0));
  EXPECT_EQ(other.receive_error(), ErrorCode::kDrawHeld);
  EXPECT_EQ(legacy().send_batch(3, {ana()}), "ERROR the draw has been held\n");
  client.send_hello();
  const auto welcome = client.receive_welcome();
  ASSERT_TRUE(welcome.has_value());
  EXPECT_TRUE(welcome->has_finished);
  EXPECT_TRUE(welcome->is_draw_held);
}

TEST_F(SorteoServerVersion2Test, BothVersionsFinishAndLearnTheirWinners) {
  EXPECT_EQ(legacy().send_batch(2, {ana(), tiago()}), "OK\n");
  const auto client = this->client(1);
  client.send_batch(1, {tiago(), ana()});
  client.send_finish(2);
  client.send_await(kLong);
  EXPECT_TRUE(client.receive_receipt().has_value());
  EXPECT_EQ(client.receive(), finished(2));
  const auto winners_of_2 = legacy().ask_winners(2);  // means finish, in version 1
  EXPECT_EQ(client.receive(), winners({30904465}));
  EXPECT_EQ(winners_of_2.value_or(legacy().ask_winners(2).value()),
            std::vector<std::uint32_t>{30904465});
  EXPECT_EQ(legacy().ask_winners(1), std::vector<std::uint32_t>{30904465});
}

TEST_F(SorteoServerVersion2Test, BetsOfVersion1CountForTheFinishOfVersion2) {
  EXPECT_EQ(legacy().send_batch(1, {ana(), tiago()}), "OK\n");
  const auto client = this->client(1);
  client.send_batch(1, {ana()});
  client.send_finish(3);
  EXPECT_TRUE(client.receive_receipt().has_value());
  EXPECT_EQ(client.receive(), finished(3));
}

TEST_F(SorteoServerVersion2Test, NotHeldWhenTheTimeIsOver) {
  const auto client = this->client(1);
  client.send_await(0);
  client.send_await(50);
  EXPECT_EQ(client.receive_error(), ErrorCode::kNotHeld);
  EXPECT_EQ(client.receive_error(), ErrorCode::kNotHeld);
}

TEST_F(SorteoServerVersion2Test, PingsAndUnknownTypesAreAnsweredInOrder) {
  const auto client = this->client(1);
  client.send(MessageType::kPing, "a");
  client.send(static_cast<MessageType>(0x7F), "of a later version");
  client.send(MessageType::kWelcome, "from a client");
  client.send(MessageType::kPing, "b");
  EXPECT_EQ(client.receive(), v2::message_reply(MessageType::kPong, "a"));
  EXPECT_EQ(client.receive_error(), ErrorCode::kUnsupported);
  EXPECT_EQ(client.receive_error(), ErrorCode::kUnsupported);
  EXPECT_EQ(client.receive(), v2::message_reply(MessageType::kPong, "b"));
}

TEST_F(SorteoServerVersion2Test, StopSaysGoodbyeAndLetsNobodyWait) {
  const auto client = this->client(1);
  client.send_hello();
  client.send_await(kLong);
  EXPECT_TRUE(client.receive_welcome().has_value());
  const auto old = this->client(1);
  old.send_await(kLong);
  const auto idle = this->client(2);
  idle.send_hello();
  EXPECT_TRUE(idle.receive_welcome().has_value());
  server().process().send_signal(SIGTERM);
  EXPECT_EQ(client.receive_error(), ErrorCode::kClosing);
  const auto goodbye = client.receive();
  ASSERT_TRUE(goodbye.has_value());
  EXPECT_EQ(goodbye->type, static_cast<std::uint8_t>(MessageType::kGoAway));
  EXPECT_TRUE(v2::decode_go_away(as_bytes(goodbye->payload)).has_value());
  EXPECT_EQ(client.receive(), std::nullopt);
  EXPECT_EQ(idle.receive(), goodbye);
  EXPECT_EQ(idle.receive(), std::nullopt);
  EXPECT_EQ(old.receive_error(), ErrorCode::kClosing);
  EXPECT_EQ(old.receive(), std::nullopt);  // it has not said that it understands a goodbye
  EXPECT_EQ(server().process().wait(), exited(0));
}

TEST_F(SorteoServerVersion2Test, OneThatLeavesMakesRoom) {
  server(R"({"max_waiting_questions": 1})");
  {
    // In one piece, so that the answer to the first says that the second waits.
    const auto leaves = client(1);
    leaves.send(Version2Client::message(MessageType::kPing, "") +
                Version2Client::message(MessageType::kAwaitWinners,
                                        v2::encode(v2::AwaitWinners{1, kLong})));
    EXPECT_EQ(leaves.receive(), v2::message_reply(MessageType::kPong, ""));
    const auto second = client(1);
    second.send_await(1);
    ASSERT_EQ(second.receive_error(), ErrorCode::kBusy);
  }
  const auto stays = client(1);
  std::optional<v2::ErrorCode> answer = ErrorCode::kBusy;
  while (answer == ErrorCode::kBusy) {
    stays.send_await(1);
    answer = stays.receive_error();
  }
  EXPECT_EQ(answer, ErrorCode::kNotHeld);
}

std::string threads_of(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Threads:")) {
      return line;
    }
  }
  return {};
}

TEST_F(SorteoServerVersion2Test, ThousandsWaitWithoutAThread) {
  constexpr int kConnections = 200;
  constexpr int kQuestions = 60;
  const std::string threads = threads_of(server().process().id());
  std::vector<std::unique_ptr<Version2Client>> clients;
  for (int i = 0; i < kConnections; ++i) {
    clients.push_back(std::make_unique<Version2Client>(server().port(), 1U));
    for (int question = 0; question < kQuestions; ++question) {
      clients.back()->send_await(kLong);
    }
  }
  const auto client = this->client(1);
  client.send_batch(1, {ana()});
  client.send_finish(1);
  EXPECT_TRUE(client.receive_receipt().has_value());
  EXPECT_EQ(client.receive(), finished(1));
  EXPECT_EQ(threads_of(server().process().id()), threads);
  const auto last = this->client(2);
  last.send_finish(0);
  for (const auto& waiting : clients) {
    for (int question = 0; question < kQuestions; ++question) {
      ASSERT_EQ(waiting->receive(), winners({30904465}));
    }
  }
}

}  // namespace
}  // namespace sorteo::test
