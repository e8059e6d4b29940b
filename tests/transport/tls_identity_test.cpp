// Who is let in by a listener that asks for certificates, and what the others and the operator are
// told.

#include <openssl/ssl.h>

#include "tests/transport/tls_fixture.hpp"

namespace sorteo::test {
namespace {

class TlsIdentityTest : public TlsFixture {
 protected:
  static constexpr std::uint8_t kWho = 0x80;  ///< answered by whom the server takes the peer for

  TlsIdentityTest() {
    registry_.add(kWho, std::make_unique<FunctionHandler>("Who", [](const Request& request,
                                                                    Responder responder) {
                    responder.send({Reply::Envelope::kPacket, 0, request.peer.agencies_text()});
                  }));
  }

  std::string who_is(const TlsClientOptions& options) {
    TlsClient client(start().port(), options);
    EXPECT_EQ(client.handshake(), "");
    EXPECT_TRUE(client.send(frame(kWho, "")));
    const std::string size = client.receive(4);
    return size.size() == 4 ? client.receive(static_cast<unsigned char>(size[3])) : client.ending();
  }
};

TEST_F(TlsIdentityTest, TheCertificateNamesTheAgency) { EXPECT_EQ(who_is(as("agency-3")), "3"); }

TEST_F(TlsIdentityTest, OneCertificateMayNameSeveralAgencies) {
  ca().make({"--agency", "9,7,9", "--name", "several"});
  EXPECT_EQ(who_is(as("several")), "7,9");
}

TEST_F(TlsIdentityTest, WithoutMutualTlsACertificateIsNotAskedFor) {
  serve(ListenerSecurity::kTls);
  EXPECT_EQ(who_is(as("agency-3")), "any");
  EXPECT_EQ(who_is({.ca = ca().ca()}), "any");
}

TEST_F(TlsIdentityTest, NoCertificate) {
  EXPECT_EQ(failure_of({.ca = ca().ca()}), "tlsv13 alert certificate required");
  EXPECT_TRUE(is_told("tls", "the peer has shown no certificate"));
}

TEST_F(TlsIdentityTest, CertificateOfAnotherCa) {
  const TestCa other;
  EXPECT_EQ(failure_of({.ca = ca().ca(),
                        .certificate = other.certificate("agency-1"),
                        .key = other.key("agency-1")}),
            "tlsv1 alert unknown ca");
  EXPECT_TRUE(is_told("tls", "the peer's certificate comes from a CA that is not trusted here"));
}

TEST_F(TlsIdentityTest, ExpiredCertificate) {
  ca().make({"--agency", "1", "--name", "expired", "--from", "20200101000000Z", "--to",
             "20200201000000Z"});
  EXPECT_EQ(failure_of(as("expired")), "sslv3 alert certificate expired");
  EXPECT_TRUE(is_told("tls", "the peer's certificate has expired"));
}

TEST_F(TlsIdentityTest, CertificateThatIsNotValidYet) {
  ca().make(
      {"--agency", "1", "--name", "early", "--from", "21200101000000Z", "--to", "21210101000000Z"});
  EXPECT_EQ(failure_of(as("early")), "sslv3 alert bad certificate");
  EXPECT_TRUE(is_told("tls", "the peer's certificate is not valid yet"));
}

TEST_F(TlsIdentityTest, RevokedCertificate) {
  const TestCa own;  // so that the list of the others stays empty
  own.make({"--revoke", "agency-5"});
  options_.tls = {.certificate = own.certificate("server"),
                  .key = own.key("server"),
                  .ca = own.ca(),
                  .crl = own.crl()};
  const TlsClientOptions revoked = {
      .ca = own.ca(), .certificate = own.certificate("agency-5"), .key = own.key("agency-5")};
  EXPECT_EQ(failure_of(revoked), "sslv3 alert certificate revoked");
  EXPECT_TRUE(is_told("tls", "the peer's certificate has been revoked"));
  EXPECT_EQ(
      who_is(
          {.ca = own.ca(), .certificate = own.certificate("agency-4"), .key = own.key("agency-4")}),
      "4");
}

TEST_F(TlsIdentityTest, CertificateWithoutAnAgency) {
  ca().make({"--agency", "x", "--name", "nobody"});
  EXPECT_EQ(failure_of(as("nobody")), "sslv3 alert handshake failure");
  EXPECT_TRUE(is_told(
      "tls", "the peer's certificate names no agency, by a URI such as urn:sorteo:agency:17"));
}

TEST_F(TlsIdentityTest, CertificateOfAServer) {
  EXPECT_EQ(failure_of(as("server")), "sslv3 alert unsupported certificate");
  EXPECT_TRUE(is_told("tls", "the peer's certificate is not one for a client"));
}

TEST_F(TlsIdentityTest, ClientThatDoesNotTrustTheServer) {
  const TestCa other;
  auto options = as("agency-1");
  options.ca = other.ca();
  EXPECT_EQ(failure_of(options), "certificate verify failed");
  EXPECT_TRUE(is_told("tls", "the peer has refused it: unknown CA"));
}

TEST_F(TlsIdentityTest, VersionThatIsTooOld) {
  auto options = as("agency-1");
  options.least_version = options.most_version = TLS1_1_VERSION;
  options.ciphers = "ALL:@SECLEVEL=0";
  EXPECT_EQ(failure_of(options), "tlsv1 alert protocol version");
  EXPECT_TRUE(is_told("tls", "the peer speaks only versions before TLS 1.2"));
}

TEST_F(TlsIdentityTest, NoCipherInCommon) {
  auto options = as("agency-1");
  options.most_version = TLS1_2_VERSION;
  options.ciphers = "ECDHE-ECDSA-AES256-SHA";
  EXPECT_EQ(failure_of(options), "sslv3 alert handshake failure");
  EXPECT_TRUE(is_told("tls", "no cipher in common"));
}

TEST_F(TlsIdentityTest, PlainVersion2ToAPortOfTlsIsTold) {
  RawClient client = connect();
  ASSERT_TRUE(client.send(frame(kHello, "abc")));
  const std::string answer = client.receive_all();
  EXPECT_EQ(answer.substr(0, 1), "\x1A");
  EXPECT_NE(answer.find("this port speaks TLS"), std::string::npos);
  EXPECT_TRUE(wait_for_log("action: handshake | result: fail"));
  EXPECT_TRUE(is_told("first bytes", "the peer speaks no TLS, and this port nothing else"));
}

TEST_F(TlsIdentityTest, PlainVersion1ToAPortOfTlsIsTold) {
  RawClient client = connect();
  ASSERT_TRUE(client.send(frame(kEcho, "abc")));
  EXPECT_EQ(client.receive_packet(), "ERROR this port speaks TLS\n");
  EXPECT_EQ(client.receive_all(), "");
}

TEST_F(TlsIdentityTest, TlsToAPlainPort) {
  options_.listeners = {ListenerOptions{}};
  TlsClient client(start().port(), as("agency-1"));
  EXPECT_NE(client.handshake(), "");
  EXPECT_TRUE(wait_for_log("action: receive_message | result: fail"));
  EXPECT_EQ(count_log("the peer speaks TLS, and this port does not"), 1U);
}

TEST_F(TlsIdentityTest, HandshakeThatStalls) {
  options_.limits.handshake_timeout = std::chrono::milliseconds(50);
  RawClient silent = connect();
  EXPECT_EQ(silent.receive_all(), "");
  RawClient halfway = connect();
  ASSERT_TRUE(halfway.send(std::string("\x16\x03\x01\x02\x00\x01", 6)));
  EXPECT_EQ(halfway.receive_all(), "");
  EXPECT_TRUE(
      wait_until([&] { return count_log("the handshake of TLS was not over in time") == 2; }));
  EXPECT_EQ(who_is(as("agency-1")), "1");
}

TEST_F(TlsIdentityTest, ConnectionThatClosesInTheMiddle) {
  RawClient client = connect();
  ASSERT_TRUE(client.send(std::string("\x16\x03\x01\x02\x00\x01", 6)));
  client.end_stream();
  EXPECT_EQ(client.receive_all(), "");
  EXPECT_TRUE(wait_for_log("action: handshake | result: fail"));
  EXPECT_TRUE(is_told("tls", "the peer has closed the connection in the middle"));
}

TEST_F(TlsIdentityTest, GarbageBehindTheFirstByte) {
  RawClient client = connect();
  ASSERT_TRUE(client.send("\x16" + std::string(200, 'x')));
  client.receive_all();
  EXPECT_TRUE(wait_for_log("action: handshake | result: fail"));
  EXPECT_TRUE(is_told("tls", "what the peer sends is no TLS"));
}

}  // namespace
}  // namespace sorteo::test
