#include "transport/server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "core/version2_reply.hpp"
#include "tests/support/protocol_vectors.hpp"
#include "tests/transport/server_fixture.hpp"
#include "transport/reply_encoding.hpp"

namespace sorteo {
namespace {

using namespace std::chrono_literals;
using test::echo;
using test::frame;
using test::from_hex;
using test::RawClient;

const std::string kInternal = echo("ERROR INTERNAL\n");

std::string unsupported(std::uint8_t type) {
  std::string bytes;
  encode_reply(
      bytes, v2::error_reply(v2::ErrorCode::kUnsupported, type,
                             "this server does not know requests of type " + std::to_string(type)));
  return bytes;
}

class ServerTest : public test::ServerFixture {};

TEST_F(ServerTest, AnswersARequest) {
  auto client = connect();
  client.send(frame(kEcho, "hello"));
  EXPECT_EQ(client.receive_packet(), "hello");
}

TEST_F(ServerTest, LogsTheRealPort) {
  start();
  EXPECT_NE(server_->port(), 0);
  EXPECT_TRUE(log_.contains("action: listen | result: success | ip: 127.0.0.1 | port: " +
                            std::to_string(server_->port())));
}

TEST_F(ServerTest, ResolvesAName) {
  options_.listeners.front().host = "localhost";
  EXPECT_NE(start().port(), 0);
}

TEST_F(ServerTest, ServesIpv6) {
  options_.listeners.front().host = "::1";
  server_ = std::make_unique<Server>(options_, registry_, log_);
  if (const auto failure = server_->start()) {
    GTEST_SKIP() << *failure;
  }
  RawClient client(RawClient::Family::kIpv6);
  client.connect(server_->port());
  client.send(frame(kEcho, "six") + frame(kNobody, ""));
  EXPECT_EQ(client.receive_packet(), "six");
  EXPECT_TRUE(log_.contains("action: listen | result: success | ip: ::1 | port: "));
  EXPECT_TRUE(wait_for_log("action: receive_message | result: fail | ip: [::1]:"));
}

TEST_F(ServerTest, PortInUseIsAFailureThatNamesIt) {
  ServerOptions second;
  second.listeners.front().port = start().port();
  Server other(second, registry_, log_);
  const auto failure = other.start();
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(*failure,
            "cannot listen on 127.0.0.1:" + std::to_string(second.listeners.front().port) +
                ": Address already in use");
  EXPECT_TRUE(other.drain(0ms));
}

TEST_F(ServerTest, UnknownHostIsAFailureThatNamesIt) {
  options_.listeners.front().host = "no such host";
  Server server(options_, registry_, log_);
  const auto failure = server.start();
  ASSERT_TRUE(failure.has_value());
  EXPECT_NE(failure->find("no such host"), std::string::npos) << *failure;
}

TEST_F(ServerTest, StartingTwiceIsAFailure) { EXPECT_TRUE(start().start().has_value()); }

TEST_F(ServerTest, ManyRequestsOnOneConnection) {
  auto client = connect();
  for (int i = 0; i < 500; ++i) {
    client.send(frame(kEcho, std::to_string(i)));
    ASSERT_EQ(client.receive_packet(), std::to_string(i));
  }
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  auto client = connect();
  std::string requests;
  std::string answers;
  for (int i = 0; i < 1000; ++i) {
    requests += frame(kEcho, std::to_string(i));
    answers += echo(std::to_string(i));
  }
  std::thread sender([&] { client.send(requests); });
  EXPECT_EQ(client.receive(answers.size()), answers);
  sender.join();
}

TEST_F(ServerTest, AnswersGivenInReverseFromAnotherThreadComeInOrder) {
  auto client = connect();
  client.send(frame(kHold, "a") + frame(kHold, "b") + frame(kHold, "c") + frame(kEcho, "d"));
  ASSERT_TRUE(held_->wait_for(3));
  auto a = held_->take();
  auto b = held_->take();
  auto c = held_->take();
  for (auto* held : {&c, &b, &a}) {
    held->responder.send({Reply::Envelope::kPacket, 0, held->payload});
  }
  EXPECT_EQ(client.receive(echo("abcd").size() + 12),
            echo("a") + echo("b") + echo("c") + echo("d"));
}

// Without a wake-up the answer would come too, when the timeouts are looked at: four a second.
TEST_F(ServerTest, EveryAnswerFromAnotherThreadWakesTheSession) {
  auto client = connect();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 60; ++i) {
    client.send(frame(kHold, "x"));
    held_->take().responder.send(ok_reply());
    ASSERT_EQ(client.receive_packet(), "OK\n");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, 7s);
}

TEST_F(ServerTest, ConnectionForEachRequest) {
  for (int i = 0; i < 100; ++i) {
    auto client = connect();
    client.send(frame(kEcho, std::to_string(i)));
    ASSERT_EQ(client.receive_packet(), std::to_string(i));
  }
}

TEST_F(ServerTest, HalfClosedConnectionGetsItsAnswersAndTheEnd) {
  auto client = connect();
  client.send(frame(kHold, "later") + frame(kEcho, "now"));
  client.end_stream();
  auto held = held_->take();
  held.responder.send(ok_reply());
  EXPECT_EQ(client.receive_all(), echo("OK\n") + echo("now"));
  EXPECT_FALSE(client.is_reset());
}

TEST_F(ServerTest, EveryGenerationOnOnePort) {
  for (const auto& vector : test::kRequestVectors) {
    if (vector.type == kHold) {
      continue;
    }
    auto client = connect();
    const std::string bytes = from_hex(vector.hex);
    client.send(bytes);
    EXPECT_EQ(client.receive_packet(),
              (vector.type == 0 ? "bet:" : "") + bytes.substr(vector.header))
        << vector.name;
  }
}

TEST_F(ServerTest, GenerationsMayAlternateOnOneConnection) {
  auto client = connect();
  client.send(frame(0,
                    "\x01"
                    "bet") +
              frame(kEcho, "message") + frame(0, std::string(4, '\0')));
  EXPECT_EQ(client.receive_packet(),
            "bet:\x01"
            "bet");
  EXPECT_EQ(client.receive_packet(), "message");
  EXPECT_EQ(client.receive_packet(), std::string(4, '\0'));
}

TEST_F(ServerTest, RequestByteByByte) {
  auto client = connect();
  for (const char byte : frame(kEcho, "slowly")) {
    client.send({&byte, 1});
  }
  EXPECT_EQ(client.receive_packet(), "slowly");
}

TEST_F(ServerTest, LargestRequestAndLargeAnswers) {
  auto client = connect();
  const std::string payload(options_.limits.max_frame_bytes, 'p');
  std::thread sender([&] {
    for (int i = 0; i < 20; ++i) {
      client.send(frame(kEcho, payload));
    }
  });
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(client.receive_packet() == payload);
  }
  sender.join();
}

TEST_F(ServerTest, TooLongAFrameEndsOnlyThatConnectionAfterItsAnswers) {
  options_.limits.linger_timeout = 20s;
  auto other = connect();
  auto client = connect();
  client.send(frame(kHold, "first") + std::string("\x01\xff\xff\xff\xff", 5) +
              std::string(100'000, 'x'));
  auto held = held_->take();
  ASSERT_TRUE(wait_for_log("error: the frame is too long | type: 1 | length: 4294967295"));
  held.responder.send(ok_reply());
  EXPECT_EQ(client.receive_all(), echo("OK\n"));
  // Not reset, although bytes of it were left unread: it may go on sending.
  EXPECT_TRUE(client.send("more") && client.send("and more"));
  other.send(frame(kEcho, "still here"));
  EXPECT_EQ(other.receive_packet(), "still here");
}

TEST_F(ServerTest, UnknownTypeEndsOnlyThatConnectionAfterItsAnswers) {
  auto other = connect();
  auto client = connect();
  client.send(frame(kEcho, "first") + frame(kNobody, "what?") + frame(kEcho, "never"));
  EXPECT_EQ(client.receive_all(), echo("first"));
  EXPECT_TRUE(wait_for_log("error: no handler serves the message type | type: 4 | length: 5"));
  other.send(frame(kEcho, "still here"));
  EXPECT_EQ(other.receive_packet(), "still here");
}

TEST_F(ServerTest, TypeOfALaterVersionIsUnsupportedAndTheConnectionGoesOn) {
  auto client = connect();
  client.send(frame(kHold, "a") + frame(kLater, std::string(200'000, 'x')) + frame(kEcho, "next"));
  held_->take().responder.send(ok_reply());
  const std::string answers = echo("OK\n") + unsupported(kLater) + echo("next");
  EXPECT_EQ(client.receive(answers.size()), answers);
  EXPECT_TRUE(
      wait_for_log("error: no handler serves the message type | type: 99 | length: 200000"));
}

TEST_F(ServerTest, EveryTypeThatNobodyServesIsUnsupported) {
  auto client = connect();
  for (unsigned type = 5; type < 256; ++type) {
    const auto byte = static_cast<std::uint8_t>(type);
    if (registry_.find(byte) == nullptr) {
      client.send(frame(byte, ""));
      const std::string answer = unsupported(byte);
      ASSERT_EQ(client.receive(answer.size()), answer) << type;
    }
  }
}

TEST_F(ServerTest, UnsupportedRequestOverTheFrameLimitEndsTheConnection) {
  options_.limits.max_frame_bytes = 1024;
  auto client = connect();
  client.send(frame(kEcho, "first") + frame(kLater, std::string(1025, 'x')));
  EXPECT_EQ(client.receive_all(), echo("first"));
}

TEST_F(ServerTest, UnrecognisedPacketEndsTheConnection) {
  auto client = connect();
  client.send(frame(0, "GET / HTTP"));
  EXPECT_EQ(client.receive_all(), "");
  EXPECT_TRUE(wait_for_log("the packet holds neither a bet nor a batch | type: 71 | length: 10"));
}

TEST_F(ServerTest, FaultIsLoggedAsAWarningWithThePeer) {
  auto client = connect();
  client.send(frame(kNobody, ""));
  client.receive_all();
  ASSERT_TRUE(wait_for_log("action: receive_message | result: fail | ip: 127.0.0.1:"));
  for (const auto& line : log_.lines()) {
    if (line.text.find("receive_message") != std::string::npos) {
      EXPECT_EQ(line.level, LogLevel::kWarning);
    }
  }
}

TEST_F(ServerTest, StreamCutInAFrameIsLogged) {
  auto client = connect();
  client.send(frame(kEcho, "whole") + frame(kEcho, "cut").substr(0, 6));
  client.end_stream();
  EXPECT_EQ(client.receive_all(), echo("whole"));
  EXPECT_TRUE(wait_for_log("error: the peer closed in the middle of a frame | received: 6"));
}

TEST_F(ServerTest, HandlerThatThrowsAnswersInternalAndTheConnectionGoesOn) {
  auto client = connect();
  client.send(frame(kThrow, "") + frame(kEcho, "next"));
  EXPECT_EQ(client.receive(kInternal.size() + 8), kInternal + echo("next"));
  EXPECT_TRUE(wait_for_log("action: handle_request | result: fail | handler: Thrower | type: 3"));
  EXPECT_TRUE(log_.contains("error: broken inside"));
}

TEST_F(ServerTest, HandlerThatThrowsAnythingAnswersInternalToo) {
  registry_.add(kNobody, std::make_unique<test::FunctionHandler>(
                             "Odd", [](const Request&, const Responder&) { throw 42; }));
  auto client = connect();
  client.send(frame(kNobody, ""));
  EXPECT_EQ(client.receive(kInternal.size()), kInternal);
  EXPECT_TRUE(wait_for_log("handler: Odd | type: 4"));
  EXPECT_TRUE(log_.contains("error: not a std::exception"));
}

TEST_F(ServerTest, DroppedResponderAnswersInternal) {
  auto client = connect();
  client.send(frame(kDrop, "") + frame(kEcho, "next"));
  EXPECT_EQ(client.receive(kInternal.size() + 8), kInternal + echo("next"));
}

TEST_F(ServerTest, PeerThatEndsItsStreamIsKnownToHaveLeft) {
  auto client = connect();
  client.send(frame(kHold, "a"));
  auto held = held_->take();
  EXPECT_FALSE(held.responder.is_abandoned());
  client.end_stream();
  EXPECT_TRUE(wait_until([&] { return held.responder.is_abandoned(); }));
  held.responder.send(ok_reply());
  EXPECT_EQ(client.receive_all(), echo("OK\n"));
}

TEST_F(ServerTest, PeerThatLeavesWhileNothingIsReadIsKnownToHaveLeft) {
  options_.limits.max_requests_in_flight = 1;
  options_.limits.linger_timeout = 40ms;  // how often it is looked at depends on it
  auto client = connect();
  client.send(frame(kHold, "a") + frame(kEcho, "not read"));
  auto held = held_->take();
  client.close();
  EXPECT_TRUE(wait_until([&] { return held.responder.is_abandoned(); }));
}

TEST_F(ServerTest, PeerThatResetsIsKnownToHaveLeft) {
  auto client = connect();
  client.send(frame(kHold, "a"));
  auto held = held_->take();
  client.reset();
  EXPECT_TRUE(wait_until([&] { return held.responder.is_abandoned(); }));
}

TEST_F(ServerTest, ReplyAfterTheClientLeftIsDropped) {
  {
    auto client = connect();
    client.send(frame(kHold, "gone"));
    ASSERT_TRUE(held_->wait_for(1));
    client.reset();
  }
  ASSERT_TRUE(wait_for_log("action: close_session"));
  held_->take().responder.send(ok_reply());
  auto other = connect();
  other.send(frame(kEcho, "alive"));
  EXPECT_EQ(other.receive_packet(), "alive");
}

TEST_F(ServerTest, ReplyAfterTheServerIsDestroyedIsDropped) {
  auto client = connect();
  client.send(frame(kHold, "a") + frame(kHold, "b"));
  ASSERT_TRUE(held_->wait_for(2));
  server_.reset();
  held_->take().responder.send(ok_reply());
  { const auto dropped = held_->take(); }
  EXPECT_EQ(client.receive_all(), "");
}

TEST_F(ServerTest, RepliesWhileTheServerIsBeingDestroyed) {
  for (int round = 0; round < 30; ++round) {
    auto client = connect();
    for (int i = 0; i < 20; ++i) {
      client.send(frame(kHold, "x"));
    }
    ASSERT_TRUE(held_->wait_for(20));
    std::thread answering([this] {
      for (int i = 0; i < 20; ++i) {
        held_->take().responder.send(ok_reply());
      }
    });
    server_.reset();
    answering.join();
    client.receive_all();
  }
}

TEST_F(ServerTest, ManyConnectionsOpenedAndClosed) {
  const auto port = start().port();
  for (int i = 0; i < 500; ++i) {
    RawClient client(port);
    if (i % 3 == 1) {
      client.send(frame(kEcho, "and gone"));
    } else if (i % 3 == 2) {
      client.send("\x01");
      client.reset();
    }
  }
  auto client = connect();
  client.send(frame(kEcho, "served"));
  EXPECT_EQ(client.receive_packet(), "served");
}

TEST_F(ServerTest, ManyConnectionsAtOnce) {
  std::vector<RawClient> clients;
  for (int i = 0; i < 500; ++i) {
    clients.push_back(connect());
  }
  for (auto& client : clients) {
    client.send(frame(kEcho, "all"));
  }
  for (auto& client : clients) {
    ASSERT_EQ(client.receive_packet(), "all");
  }
}

TEST_F(ServerTest, GarbageHarmsNobody) {
  std::uint32_t state = 4711;
  const auto random = [&state] {
    state = state * 1664525 + 1013904223;
    return state >> 16;
  };
  auto witness = connect();
  for (int i = 0; i < 300; ++i) {
    auto client = connect();
    std::string bytes(random() % 2000, '\0');
    std::generate(bytes.begin(), bytes.end(),
                  [&] { return static_cast<char>(random() % 2 == 0 ? random() : random() % 6); });
    client.send(bytes);
    if (i % 2 == 0) {
      client.end_stream();
      client.receive_all();
    }
    witness.send(frame(kEcho, "alive"));
    ASSERT_EQ(witness.receive_packet(), "alive");
  }
}

}  // namespace
}  // namespace sorteo
