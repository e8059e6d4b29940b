// What is said of files that cannot be used.

#include "transport/tls_context.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/test_ca.hpp"
#include "transport/server.hpp"

namespace sorteo::test {
namespace {

class TlsContextTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!ca_) {
      ca_ = std::make_unique<TestCa>();
    }
  }

  static const TestCa& ca() { return *ca_; }

  static TlsFiles files() {
    return {.certificate = ca().certificate("server"),
            .key = ca().key("server"),
            .ca = ca().ca(),
            .crl = ca().crl()};
  }

  static std::string problem_of(const TlsFiles& files) {
    const auto context = TlsContext::read(files, true);
    return context.has_error() ? context.error() : "none";
  }

 private:
  inline static std::unique_ptr<TestCa> ca_;
};

TEST_F(TlsContextTest, GoodFilesCanBeUsed) {
  const auto context = TlsContext::read(files(), true);
  ASSERT_TRUE(context.has_value());
  EXPECT_TRUE((*context)->warnings().empty());
  EXPECT_EQ((*context)->valid_until().size(), std::string("2027-11-27T17:00:00Z").size());
}

TEST_F(TlsContextTest, AFileThatIsNotThereIsNamed) {
  TlsFiles missing = files();
  missing.certificate = "/no/such.pem";
  EXPECT_EQ(problem_of(missing), "certificate /no/such.pem: No such file or directory");
  missing = files();
  missing.key = "/no/such.key";
  EXPECT_EQ(problem_of(missing), "key /no/such.key: No such file or directory");
  missing = files();
  missing.ca = "/no/ca.pem";
  EXPECT_EQ(problem_of(missing), "CA /no/ca.pem: No such file or directory");
  missing = files();
  missing.crl = "/no/crl.pem";
  EXPECT_EQ(problem_of(missing), "list of the revoked /no/crl.pem: No such file or directory");
}

TEST_F(TlsContextTest, AFileThatIsNotGivenIsNamed) {
  TlsFiles missing = files();
  missing.certificate.clear();
  EXPECT_EQ(problem_of(missing), "no file is given for the certificate");
  missing = files();
  missing.ca.clear();
  EXPECT_EQ(problem_of(missing), "no file is given for the CA");
}

TEST_F(TlsContextTest, AFileOfAnotherKindIsNamed) {
  const TemporaryDirectory folder;
  const std::string text = folder.write("text", "not PEM\n");
  TlsFiles wrong = files();
  wrong.certificate = text;
  EXPECT_EQ(problem_of(wrong), "certificate " + text + ": it holds nothing of that kind in PEM");
  wrong = files();
  wrong.crl = text;
  EXPECT_EQ(problem_of(wrong).substr(0, 20 + text.size()), "list of the revoked " + text);
}

TEST_F(TlsContextTest, TheKeyOfAnotherCertificateIsNamed) {
  TlsFiles wrong = files();
  wrong.key = ca().key("agency-1");
  EXPECT_EQ(problem_of(wrong),
            "key " + wrong.key + ": it is not the key of the certificate " + wrong.certificate);
}

TEST_F(TlsContextTest, AKeyThatOthersCanReadIsWarnedOf) {
  const TestCa open;
  ASSERT_EQ(::chmod(open.key("server").c_str(), 0644), 0);
  const auto context = TlsContext::read({.certificate = open.certificate("server"),
                                         .key = open.key("server"),
                                         .ca = open.ca(),
                                         .crl = {}},
                                        true);
  ASSERT_TRUE(context.has_value());
  EXPECT_EQ((*context)->warnings(),
            std::vector<std::string>{"key " + open.key("server") +
                                     ": others than its owner may use it; chmod 600 it"});
}

TEST_F(TlsContextTest, AnExpiredCertificateIsWarnedOf) {
  ca().make({"--server", "localhost", "--name", "old", "--from", "20200101000000Z", "--to",
             "20200201000000Z"});
  TlsFiles old = files();
  old.certificate = ca().certificate("old");
  old.key = ca().key("old");
  const auto context = TlsContext::read(old, true);
  ASSERT_TRUE(context.has_value());
  EXPECT_EQ((*context)->warnings(),
            std::vector<std::string>{"certificate " + old.certificate +
                                     ": it has expired, on 2020-02-01T00:00:00Z"});
}

TEST_F(TlsContextTest, FilesAreNeededOnlyWhereAListenerUsesThem) {
  ServerOptions options;
  EXPECT_EQ(Server::check(options), std::nullopt);
  options.listeners.push_back({.security = ListenerSecurity::kTls});
  EXPECT_EQ(Server::check(options), "no file is given for the certificate");
  options.tls = files();
  options.tls.ca.clear();
  EXPECT_EQ(Server::check(options), std::nullopt);
  options.listeners.push_back({.security = ListenerSecurity::kMutualTls});
  EXPECT_EQ(Server::check(options), "no file is given for the CA");
}

}  // namespace
}  // namespace sorteo::test
