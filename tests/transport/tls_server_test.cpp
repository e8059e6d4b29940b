// What goes over TLS once it stands: the same as without.

#include <openssl/ssl.h>

#include <atomic>
#include <future>
#include <thread>

#include "tests/transport/tls_fixture.hpp"

namespace sorteo::test {
namespace {

class TlsServerTest : public TlsFixture, public testing::WithParamInterface<int> {
 protected:
  TlsClientOptions options(const std::string& name = "agency-1") const {
    auto options = as(name);
    options.least_version = options.most_version = GetParam();
    return options;
  }
};

TEST_P(TlsServerTest, AnswersOverTheVersionAskedFor) {
  TlsClient client(start().port(), options());
  ASSERT_EQ(client.handshake(), "");
  EXPECT_EQ(client.version(), GetParam() == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3");
  ASSERT_TRUE(client.send(frame(kEcho, "hello")));
  EXPECT_EQ(client.receive(9), echo("hello"));
}

TEST_P(TlsServerTest, AnswersInOrderWhatCameTogether) {
  TlsClient client(start().port(), options());
  ASSERT_EQ(client.handshake(), "");
  std::string sent;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    sent += frame(kEcho, std::to_string(i));
    expected += echo(std::to_string(i));
  }
  ASSERT_TRUE(client.send(sent));
  EXPECT_EQ(client.receive(expected.size()), expected);
}

TEST_P(TlsServerTest, TheLargestFrameGoesBothWays) {
  TlsClient client(start().port(), options());
  ASSERT_EQ(client.handshake(), "");
  const std::string large(options_.limits.max_frame_bytes, 'x');
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(client.send(frame(kEcho, large)));
    ASSERT_EQ(client.receive(4 + large.size()), echo(large));
  }
}

TEST_P(TlsServerTest, AnAnswerLargerThanTheSocketsBuffersArrivesWhole) {
  TlsClient client(start().port(), options());
  ASSERT_EQ(client.handshake(), "");
  constexpr std::size_t kSize = 24 * 1024 * 1024;
  ASSERT_TRUE(client.send(frame(kLarge, std::to_string(kSize))));
  const std::string answer = client.receive(5 + kSize);
  ASSERT_EQ(answer.size(), 5 + kSize);
  EXPECT_EQ(answer.find_first_not_of('x', 5), std::string::npos);
  ASSERT_TRUE(client.send(frame(kEcho, "on")));
  EXPECT_EQ(client.receive(6), echo("on"));
}

TEST_P(TlsServerTest, AHalfClosedConnectionIsStillAnswered) {
  TlsClient client(start().port(), options());
  ASSERT_EQ(client.handshake(), "");
  ASSERT_TRUE(client.send(frame(kHold, "last")));
  ASSERT_TRUE(held_->wait_for(1));
  client.end_stream();
  held_->take().responder.send({Reply::Envelope::kPacket, 0, "done"});
  EXPECT_EQ(client.receive(8), echo("done"));
  EXPECT_EQ(client.receive_all(), "");
  EXPECT_EQ(client.ending(), "close_notify");
}

TEST_P(TlsServerTest, AConnectionAtRestIsWokenByItsNextRequest) {
  TlsClient client(start().port(), options());
  ASSERT_EQ(client.handshake(), "");
  ASSERT_TRUE(client.send(frame(kEcho, "one")));
  EXPECT_EQ(client.receive(7), echo("one"));
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));  // it rests after a second
  ASSERT_TRUE(client.send(frame(kEcho, "two") + frame(kEcho, "three")));
  EXPECT_EQ(client.receive(16), echo("two") + echo("three"));
}

TEST_P(TlsServerTest, ADrainAnswersWhatIsInFlightAndSaysGoodbye) {
  Server& server = start();
  TlsClient client(server.port(), options());
  ASSERT_EQ(client.handshake(), "");
  ASSERT_TRUE(client.send(frame(kHold, "last")));
  ASSERT_TRUE(held_->wait_for(1));
  auto drained = std::async(std::launch::async, [&] { return server.drain(RawClient::kTimeout); });
  held_->take().responder.send({Reply::Envelope::kPacket, 0, "done"});
  EXPECT_EQ(client.receive(8), echo("done"));
  EXPECT_EQ(client.receive_all(), "");
  EXPECT_EQ(client.ending(), "close_notify");
  EXPECT_TRUE(drained.get());
}

TEST_P(TlsServerTest, AResetConnectionHarmsNobody) {
  Server& server = start();
  for (int i = 0; i < 50; ++i) {
    TlsClient client(server.port(), options());
    if (i % 2 == 0) {
      ASSERT_EQ(client.handshake(), "");
      client.send(frame(kLarge, "1000000"));
    }
    client.reset();
  }
  TlsClient client(server.port(), options());
  ASSERT_EQ(client.handshake(), "");
  ASSERT_TRUE(client.send(frame(kEcho, "alive")));
  EXPECT_EQ(client.receive(9), echo("alive"));
}

TEST_P(TlsServerTest, APeerThatDoesNotReadIsCutOff) {
  options_.limits.write_timeout = std::chrono::milliseconds(100);
  TlsClient client(start().port(), options());
  ASSERT_EQ(client.handshake(), "");
  ASSERT_TRUE(client.send(frame(kLarge, "100000000")));
  EXPECT_TRUE(wait_for_log("the peer does not read its answers"));
}

INSTANTIATE_TEST_SUITE_P(Versions, TlsServerTest, testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                           return version.param == TLS1_2_VERSION ? "Tls12" : "Tls13";
                         });

using TlsChangeTest = TlsFixture;

TEST_F(TlsChangeTest, NewConnectionsGetTheNewCertificateAndOldOnesGoOn) {
  Server& server = start();
  TlsClient old(server.port(), as("agency-1"));
  ASSERT_EQ(old.handshake(), "");
  EXPECT_EQ(old.server_name(), "server");
  ca().make({"--server", "localhost", "--name", "renewed"});
  ServerSettings settings{options_.tls, options_.limits};
  settings.tls.certificate = ca().certificate("renewed");
  settings.tls.key = ca().key("renewed");
  EXPECT_EQ(server.change(settings), std::nullopt);
  EXPECT_TRUE(wait_until([&] {
    TlsClient client(server.port(), as("agency-1"));
    return client.handshake().empty() && client.server_name() == "renewed";
  }));
  ASSERT_TRUE(old.send(frame(kEcho, "still")));
  EXPECT_EQ(old.receive(9), echo("still"));
}

TEST_F(TlsChangeTest, CertificatesChangeInTheMiddleOfTraffic) {
  Server& server = start();
  ca().make({"--server", "localhost", "--name", "next"});
  std::atomic<bool> is_over = false;
  auto traffic = std::async(std::launch::async, [&] {
    int exchanges = 0;
    TlsClient client(server.port(), as("agency-2"));
    if (!client.handshake().empty()) {
      return -1;
    }
    for (; !is_over; ++exchanges) {
      if (!client.send(frame(kEcho, "ping")) || client.receive(8) != echo("ping")) {
        return -1;
      }
    }
    return exchanges;
  });
  for (int i = 0; i < 200; ++i) {
    ServerSettings settings{options_.tls, options_.limits};
    settings.tls.certificate = ca().certificate(i % 2 == 0 ? "next" : "server");
    settings.tls.key = ca().key(i % 2 == 0 ? "next" : "server");
    ASSERT_EQ(server.change(settings), std::nullopt);
    TlsClient client(server.port(), as("agency-3"));
    ASSERT_EQ(client.handshake(), "");
  }
  is_over = true;
  EXPECT_GT(traffic.get(), 0);
}

TEST_F(TlsChangeTest, FilesThatCannotBeUsedChangeNothing) {
  Server& server = start();
  ServerSettings settings{options_.tls, options_.limits};
  settings.tls.key = ca().key("agency-1");
  EXPECT_EQ(server.change(settings), "key " + ca().key("agency-1") +
                                         ": it is not the key of the certificate " +
                                         ca().certificate("server"));
  TlsClient client(server.port(), as("agency-1"));
  EXPECT_EQ(client.handshake(), "");
}

TEST_F(TlsChangeTest, TimeoutsHoldForLiveSessionsAtOnce) {
  Server& server = start();
  TlsClient client(server.port(), as("agency-1"));
  ASSERT_EQ(client.handshake(), "");
  ServerSettings settings{options_.tls, options_.limits};
  settings.limits.idle_timeout = std::chrono::milliseconds(20);
  ASSERT_EQ(server.change(settings), std::nullopt);
  EXPECT_EQ(client.receive_all(), "");
  EXPECT_TRUE(wait_for_log("no request came in time"));
}

TEST_F(TlsChangeTest, SessionsOfAnAgencyCanBeCut) {
  Server& server = start();
  TlsClient first(server.port(), as("agency-1"));
  TlsClient second(server.port(), as("agency-2"));
  for (TlsClient* const client : {&first, &second}) {
    ASSERT_EQ(client->handshake(), "");
    ASSERT_TRUE(client->send(frame(kEcho, "in")));
    EXPECT_EQ(client->receive(6), echo("in"));
  }
  EXPECT_EQ(server.cut_sessions([](const Peer& peer) { return peer.may_speak_for(1); }), 1U);
  EXPECT_EQ(first.receive_all(), "");
  ASSERT_TRUE(second.send(frame(kEcho, "on")));
  EXPECT_EQ(second.receive(6), echo("on"));
}

TEST_F(TlsChangeTest, OneServerHasSeveralListeners) {
  options_.listeners = {{.security = ListenerSecurity::kPlain},
                        {.security = ListenerSecurity::kTls},
                        {.security = ListenerSecurity::kMutualTls}};
  Server& server = start();
  const auto ports = server.ports();
  ASSERT_EQ(ports.size(), 3U);
  EXPECT_EQ(server.port(), ports[0]);
  RawClient plain(ports[0]);
  ASSERT_TRUE(plain.send(frame(kEcho, "plain")));
  EXPECT_EQ(plain.receive_packet(), "plain");
  TlsClient anybody(ports[1], {.ca = ca().ca()});
  EXPECT_EQ(anybody.handshake(), "");
  TlsClient agency(ports[2], as("agency-1"));
  EXPECT_EQ(agency.handshake(), "");
  for (TlsClient* const client : {&anybody, &agency}) {
    ASSERT_TRUE(client->send(frame(kEcho, "tls")));
    EXPECT_EQ(client->receive(7), echo("tls"));
  }
}

}  // namespace
}  // namespace sorteo::test
