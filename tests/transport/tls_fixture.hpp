#pragma once

#include <string>

#include "tests/support/test_ca.hpp"
#include "tests/support/tls_client.hpp"
#include "tests/transport/server_fixture.hpp"

namespace sorteo::test {

/// A server that speaks TLS, with certificates of an authority that all tests of a suite share.
class TlsFixture : public ServerFixture {
 protected:
  static void SetUpTestSuite() {
    if (!ca_) {
      ca_ = std::make_unique<TestCa>();
    }
  }

  TlsFixture() { serve(ListenerSecurity::kMutualTls); }

  void serve(ListenerSecurity security) {
    options_.listeners = {{.security = security}};
    options_.tls = {.certificate = ca().certificate("server"),
                    .key = ca().key("server"),
                    .ca = ca().ca(),
                    .crl = {}};
  }

  static const TestCa& ca() { return *ca_; }

  /// How the holder of a certificate of the shared authority connects.
  static TlsClientOptions as(const std::string& name) {
    return {.ca = ca().ca(), .certificate = ca().certificate(name), .key = ca().key(name)};
  }

  /// The message that a connection of `options` brings into the log, and the client's own word.
  std::string failure_of(const TlsClientOptions& options) {
    TlsClient client(start().port(), options);
    std::string told = client.handshake();
    if (told.empty()) {
      client.receive_all();  // with TLS 1.3 the server's verdict comes behind the handshake
      told = client.ending();
    }
    EXPECT_TRUE(wait_for_log("action: handshake | result: fail"));
    return told;
  }

  /// Whether the log says, at the level of a warning, that the handshake of a peer on loopback has
  /// failed at `stage` for `error`, in these words.
  bool is_told(const std::string& stage, const std::string& error) const {
    for (const auto& line : log_.lines()) {
      const std::string begin = "action: handshake | result: fail | ip: 127.0.0.1:";
      const std::string end = " | stage: " + stage + " | error: " + error;
      if (line.level == LogLevel::kWarning && line.text.starts_with(begin) &&
          line.text.ends_with(end)) {
        return true;
      }
    }
    return false;
  }

 private:
  inline static std::unique_ptr<TestCa> ca_;
};

}  // namespace sorteo::test
