#include <nlohmann/json.hpp>

#include "core/message.hpp"
#include "tests/apps/cli/sorteo_program_fixture.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/fake_version2.hpp"

namespace sorteo::test {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

// How fast anything is, is not tested: only that it is what it says.
class SorteoBenchTest : public SorteoProgramTest {
 protected:
  Arguments bench_arguments(const Arguments& more, const std::string& duration = "300ms") const {
    Arguments arguments{"bench",     "--server", address(), "--duration", duration,
                        "--warm-up", "100ms",    "--json",  "-",          "--store",
                        store(),     "--window", "8"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  // The report of a run that must succeed.
  Json bench(const Arguments& more) const {
    const Ended ended = run(bench_arguments(more));
    EXPECT_EQ(ended.code, 0) << ended.err;
    const Json report = Json::parse(ended.out, nullptr, false);
    EXPECT_FALSE(report.is_discarded()) << ended.out;
    if (!report.is_object()) {
      return Json::object();
    }
    EXPECT_GT(report["acknowledged_bets"], 0);
    EXPECT_GE(report["acknowledged_bets"], report["bets"]);
    EXPECT_EQ(report["durability"], "os");
    EXPECT_EQ(report["verified"]["server"], true);
    EXPECT_EQ(report["verified"]["store"], true);
    return report;
  }

  // A file whose every bet wins.
  std::string winning_file() const {
    std::string text;
    for (int document = 1; document <= 100; ++document) {
      text += "Ana,Paz," + std::to_string(document) + ",1999-03-17,7574\n";
    }
    return folder_.write("winning.csv", text);
  }

  std::uint64_t stored_bets() const {
    const Ended verified = run({"verify", "--storage", store()});
    const std::string name = "\nbets: ";
    const std::size_t at = verified.out.find(name);
    EXPECT_NE(at, std::string::npos) << verified.out;
    return at == std::string::npos ? 0 : std::stoull(verified.out.substr(at + name.size()));
  }
};

TEST_F(SorteoBenchTest, ClosedLoopCountsWhatIsStored) {
  start_server(5);
  const Json report = bench({});
  EXPECT_EQ(report["acknowledged_bets"], stored_bets());
  EXPECT_EQ(report["protocol"], 2);
  EXPECT_EQ(report["through"], "wire");
  EXPECT_GT(report["latency_us"]["p50"], 0);
  EXPECT_GE(report["latency_us"]["max"], report["latency_us"]["p99"]);
  EXPECT_TRUE(report["rate"].is_null());
}

TEST_F(SorteoBenchTest, OpenLoopSendsAtItsRate) {
  start_server(5);
  const Json report =
      bench({"--rate", "20000", "--batch-bets", "10", "--connections", "20", "--threads", "2"});
  EXPECT_EQ(report["acknowledged_bets"], stored_bets());
  EXPECT_EQ(report["rate"], 20'000);
  EXPECT_LE(report["acknowledged_bets"], 8'000) << "no more than was due in 400 ms";
  EXPECT_FALSE(report["late_us_max"].is_null());
}

TEST_F(SorteoBenchTest, VersionOneIsMeasuredToo) {
  start_server(5);
  const Json report = bench({"--protocol", "1"});
  EXPECT_EQ(report["acknowledged_bets"], stored_bets());
  EXPECT_EQ(report["protocol"], 1);
  EXPECT_EQ(bench({"--protocol", "1", "--rate", "20000", "--yes"})["protocol"], 1);
}

TEST_F(SorteoBenchTest, SdkIsMeasuredInBothLoopsAndVersions) {
  start_server(5);
  EXPECT_EQ(bench({"--through", "sdk"})["through"], "sdk");
  EXPECT_EQ(bench({"--through", "sdk", "--yes", "--protocol", "1"})["protocol"], 1);
  EXPECT_EQ(bench({"--through", "sdk", "--yes", "--rate", "20000"})["rate"], 20'000);
}

TEST_F(SorteoBenchTest, WinnersAreWaitedFor) {
  start_server(2);
  const Json report = bench({"--agencies", "2", "--winners", "--csv", winning_file()});
  EXPECT_EQ(report["winners"], report["acknowledged_bets"]);
  EXPECT_GE(report["winners_seconds"], 0);
  const Ended again = run(bench_arguments({"--agencies", "2", "--yes"}));
  EXPECT_EQ(again.code, 6);
  EXPECT_THAT(again.err, HasSubstr("the draw has been held"));
}

TEST_F(SorteoBenchTest, BetsThatAreThereAreAddedToOnlyWhenConfirmed) {
  start_server(5);
  bench({});
  const std::uint64_t before = stored_bets();
  const Ended refused = run(bench_arguments({}));
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("confirm it with --yes"));
  EXPECT_EQ(stored_bets(), before);
  const Json report = bench({"--yes"});
  EXPECT_EQ(stored_bets(), before + report["acknowledged_bets"].get<std::uint64_t>());
}

TEST_F(SorteoBenchTest, ServerProcessAndIdleConnectionsAreTold) {
  start_server(5);
  const Json report =
      bench({"--server-pid", std::to_string(server_->process().id()), "--idle-connections", "50"});
  EXPECT_GT(report["server_peak_bytes"], 0);
  EXPECT_FALSE(report["server_cpu_seconds"].is_null());
  EXPECT_EQ(report["idle_connections"], 50);
  EXPECT_EQ(report["idle_connections_lost"], 0);
  EXPECT_FALSE(report["server_bytes_per_idle_connection"].is_null());
}

TEST_F(SorteoBenchTest, TextWarnsOfDurability) {
  start_server(5);
  const Ended ended = run(
      {"bench", "--server", address(), "--duration", "100ms", "--warm-up", "0", "--window", "4"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("\ndurability: os\n"));
  EXPECT_THAT(ended.err, HasSubstr("stores bets that nobody has made"));
  EXPECT_THAT(ended.err, HasSubstr("need not survive a power cut"));
}

TEST_F(SorteoBenchTest, InterruptEndsItEarlyAndIsReported) {
  start_server(5);
  const auto running = start(bench_arguments({"--progress-every", "10ms"}, "1h"));
  ASSERT_TRUE(running->wait_for_err("action: carga | result: in_progress"));
  running->send_signal(SIGINT);
  const Ended ended = end_of(*running);
  EXPECT_EQ(ended.code, 130);
  const Json report = Json::parse(ended.out, nullptr, false);
  ASSERT_TRUE(report.is_object()) << ended.out << ended.err;
  EXPECT_EQ(report["acknowledged_bets"], stored_bets());
  EXPECT_EQ(report["verified"]["store"], true);
}

TEST_F(SorteoBenchTest, RefusalHasItsOwnCode) {
  FakeVersion2 service;
  FakeServer server([&service](FakePeer& peer, int) {
    while (const auto request = peer.read_request()) {
      const bool is_batch = request->type == static_cast<std::uint8_t>(MessageType::kOnceBatch);
      peer.send(is_batch ? v2_error(v2::ErrorCode::kStorageFull, request->type)
                         : service.answer(*request));
    }
  });
  const Ended ended = run({"bench", "--server", "127.0.0.1:" + std::to_string(server.port()),
                           "--connections", "1", "--duration", "60s"});
  EXPECT_EQ(ended.code, 6) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("a batch was refused: STORAGE_FULL"));
  EXPECT_THAT(ended.out, HasSubstr("acknowledged in all: 0 bets"));
}

TEST_F(SorteoBenchTest, ServerThatLosesBetsIsFoundOut) {
  FakeVersion2 service;
  FakeServer server([&service](FakePeer& peer, int) {
    for (std::uint64_t sequence = 1;;) {
      const auto request = peer.read_request();
      if (!request) {
        return;
      }
      if (request->type != static_cast<std::uint8_t>(MessageType::kOnceBatch)) {
        peer.send(service.answer(*request));
        continue;
      }
      v2::ReceiptMessage receipt;
      receipt.sequence = sequence++;
      receipt.receipt.bets = 10;
      peer.send(message_bytes(MessageType::kReceipt, v2::encode(receipt)));
    }
  });
  const Ended ended =
      run({"bench", "--server", "127.0.0.1:" + std::to_string(server.port()), "--connections", "1",
           "--duration", "100ms", "--warm-up", "0", "--batch-bets", "10"});
  EXPECT_EQ(ended.code, 1) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("bets were acknowledged, on top of 0, and the server has 0"));
  EXPECT_THAT(ended.out, HasSubstr("the server's count: DISAGREES"));
}

TEST_F(SorteoBenchTest, ServerThatIsNotThereHasItsOwnCode) {
  const ClosedPort port;
  const Ended ended = run({"bench", "--server", "127.0.0.1:" + std::to_string(port.port())});
  EXPECT_EQ(ended.code, 4);
  EXPECT_THAT(ended.err, HasSubstr("Connection refused"));
}

}  // namespace
}  // namespace sorteo::test
