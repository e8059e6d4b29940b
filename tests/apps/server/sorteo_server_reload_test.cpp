// SIGHUP: the configuration is read again, and applied whole or not at all.

#include <csignal>
#include <fstream>

#include "tests/apps/server/sorteo_server_fixture.hpp"
#include "tests/support/batch_bytes.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/test_ca.hpp"
#include "tests/support/tls_client.hpp"

namespace sorteo::test {
namespace {

class SorteoServerReloadTest : public SorteoServerTest {
 protected:
  // The server speaks mutual TLS; `more` are further members of its configuration.
  std::string write(const std::string& more) const {
    return config(R"(, "tls": {"certificate": ")" + ca_.certificate("server") + R"(", "key": ")" +
                  ca_.key("server") + R"(", "ca": ")" + ca_.ca() + R"(", "crl": ")" + ca_.crl() +
                  "\"}" + more);
  }

  std::string config(const std::string& more) const {
    return directory_.write("server.json",
                            R"({"listen": {"port": 0, "security": "mutual_tls"}, "threads": 2,)"
                            R"( "storage": {"path": ")" +
                                store() + "\"}" + more + "}");
  }

  TlsClientOptions as(const std::string& name) const {
    return {.ca = ca_.ca(), .certificate = ca_.certificate(name), .key = ca_.key(name)};
  }

  // What the server answers to a batch of `agency`.
  static std::string answer_to_batch(TlsClient& client, std::uint32_t agency) {
    const std::string batch = batch_bytes(agency, {ana()});
    std::string message = "\x01";
    append_u32(message, static_cast<std::uint32_t>(batch.size()));
    if (!client.send(message + batch)) {
      return "not sent";
    }
    const std::string header = client.receive(4);
    return header.size() == 4 ? client.receive(load_u32(as_bytes(header).data())) : client.ending();
  }

  const TestCa ca_;
};

TEST_F(SorteoServerReloadTest, TheCertificateSaysForWhomAnAgencySpeaks) {
  ServerProcess server(kServer, write(""));
  TlsClient client(server.port(), as("agency-1"));
  ASSERT_EQ(client.handshake(), "");
  EXPECT_EQ(answer_to_batch(client, 1), "OK\n");
  EXPECT_EQ(answer_to_batch(client, 2), "ERROR the certificate does not name this agency\n");
  EXPECT_TRUE(server.process().wait_for_err(
      "action: apuesta_recibida | result: fail | agencia: 2 | error: the certificate does not name "
      "this agency | certificado: 1 | ip: 127.0.0.1:"));
  EXPECT_EQ(server.stop(), exited(0));
}

TEST_F(SorteoServerReloadTest, ADisabledAgencyLosesItsSessionsAndTheOthersGoOn) {
  ServerProcess server(kServer, write(""));
  TlsClient first(server.port(), as("agency-1"));
  TlsClient second(server.port(), as("agency-2"));
  ASSERT_EQ(first.handshake(), "");
  ASSERT_EQ(second.handshake(), "");
  EXPECT_EQ(answer_to_batch(first, 1), "OK\n");
  EXPECT_EQ(answer_to_batch(second, 2), "OK\n");
  write(R"(, "agencies": {"disabled": [1]})");
  server.process().send_signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for_err("action: reload | result: success"));
  EXPECT_EQ(first.receive_all(), "");
  EXPECT_EQ(answer_to_batch(second, 2), "OK\n");
  TlsClient again(server.port(), as("agency-1"));
  ASSERT_EQ(again.handshake(), "");
  EXPECT_EQ(answer_to_batch(again, 1), "ERROR the agency is disabled\n");
  EXPECT_NE(server.process().err().find(" | changed: agencies.disabled"), std::string::npos);
  EXPECT_EQ(server.stop(), exited(0));
}

TEST_F(SorteoServerReloadTest, ARevokedCertificateGetsNoNewConnection) {
  ServerProcess server(kServer, write(""));
  TlsClient before(server.port(), as("agency-3"));
  ASSERT_EQ(before.handshake(), "");
  ca_.make({"--revoke", "agency-3"});
  server.process().send_signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for_err("action: reload | result: success"));
  EXPECT_NE(server.process().err().find(" | changed: nothing"), std::string::npos);
  TlsClient after(server.port(), as("agency-3"));
  after.handshake();
  EXPECT_EQ(answer_to_batch(after, 3), "sslv3 alert certificate revoked");
  EXPECT_EQ(answer_to_batch(before, 3), "OK\n");
  EXPECT_EQ(server.stop(), exited(0));
}

TEST_F(SorteoServerReloadTest, WhatNeedsARestartIsNamedAndNothingIsApplied) {
  ServerProcess server(kServer, write(""));
  write(R"(, "agencies": {"disabled": [1]}, "draw": {"agencies": 9},
           "limits": {"max_frame_bytes": 4096})");
  server.process().send_signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for_err(
      "error: needs a restart: draw.agencies, limits.max_frame_bytes | changed: nothing"));
  TlsClient client(server.port(), as("agency-1"));
  ASSERT_EQ(client.handshake(), "");
  EXPECT_EQ(answer_to_batch(client, 1), "OK\n");
  EXPECT_EQ(server.stop(), exited(0));
}

TEST_F(SorteoServerReloadTest, AWrongFileChangesNothing) {
  ServerProcess server(kServer, write(""));
  directory_.write("server.json", "{");
  server.process().send_signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for_err("action: reload | result: fail"));
  write(R"(, "agencies": {"disabled": [1]}, "log": {"level": "loud"})");
  server.process().send_signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for_err("error: log.level: found \\\"loud\\\""));
  ASSERT_TRUE(std::ofstream(ca_.certificate("server")) << "no certificate");
  write(R"(, "agencies": {"disabled": [1]})");
  server.process().send_signal(SIGHUP);
  ASSERT_TRUE(
      server.process().wait_for_err("error: tls: certificate " + ca_.certificate("server")));
  TlsClient client(server.port(), as("agency-1"));
  ASSERT_EQ(client.handshake(), "");
  EXPECT_EQ(answer_to_batch(client, 1), "OK\n");
  EXPECT_EQ(server.stop(), exited(0));
}

TEST_F(SorteoServerReloadTest, TheLevelOfTheLogChanges) {
  ServerProcess server(kServer, write(""));
  write(R"(, "log": {"level": "debug"})");
  server.process().send_signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for_err("changed: log.level"));
  TlsClient client(server.port(), as("agency-1"));
  ASSERT_EQ(client.handshake(), "");
  EXPECT_TRUE(server.process().wait_for_err("action: handshake | result: success"));
  EXPECT_EQ(server.stop(), exited(0));
}

TEST_F(SorteoServerReloadTest, ReloadingUnderLoadDropsNoConnection) {
  ServerProcess server(kServer, write(""));
  TlsClient client(server.port(), as("agency-1"));
  ASSERT_EQ(client.handshake(), "");
  for (int i = 0; i < 100; ++i) {
    server.process().send_signal(SIGHUP);
    ASSERT_EQ(answer_to_batch(client, 1), "OK\n");
  }
  EXPECT_EQ(server.stop(), exited(0));
}

class SorteoServerExposureTest : public SorteoServerTest {
 protected:
  std::string listening_everywhere(const std::string& more) const {
    return directory_.write("server.json",
                            R"({"listen": {"host": "0.0.0.0", "port": 0}, "storage": {"path": ")" +
                                store() + "\"}" + more + "}");
  }
};

TEST_F(SorteoServerExposureTest, AnOpenListenerIsRefused) {
  Process server({kServer, "--config", listening_everywhere("")});
  EXPECT_EQ(server.wait(), exited(3));
  EXPECT_NE(server.err().find("listen.security: others than this machine can reach 0.0.0.0, and it "
                              "asks for no certificate; expected \"mutual_tls\", or "
                              "\"allow_insecure\": true beside it"),
            std::string::npos);
}

TEST_F(SorteoServerExposureTest, UnlessTheConfigurationSaysSoAndThenItIsWarnedOf) {
  ServerProcess server(kServer, listening_everywhere(R"(, "allow_insecure": true)"));
  EXPECT_TRUE(server.process().wait_for_err(
      "WARNING  action: config | result: success | warning: listen.security: others than this "
      "machine can reach 0.0.0.0, and it asks for no certificate"));
  EXPECT_EQ(server.stop(), exited(0));
}

TEST_F(SorteoServerExposureTest, FilesOfTlsAreCheckedBeforeTheStart) {
  const std::string path = directory_.write(
      "server.json", R"({"listen": {"port": 0, "security": "tls"}, "storage": {"path": ")" +
                         store() + R"("}, "tls": {"certificate": "/no/such.pem"}})");
  Process server({kServer, "--config", path, "--check-config"});
  EXPECT_EQ(server.wait(), exited(3));
  EXPECT_EQ(server.err(), path + ": tls: certificate /no/such.pem: No such file or directory\n");
}

}  // namespace
}  // namespace sorteo::test
