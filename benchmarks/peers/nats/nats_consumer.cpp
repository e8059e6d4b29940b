// What a central program behind JetStream does: it makes the streams, then reads them, parses and
// checks every bet, and knows the winners (benchmarks/README.md).

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "apps/cli/bench/process_usage.hpp"
#include "benchmarks/peers/common/bet_batches.hpp"
#include "benchmarks/peers/nats/nats_connection.hpp"
#include "core/batch.hpp"
#include "core/text.hpp"

namespace {

using namespace sorteo::peers;

struct Counts {
  std::atomic<std::uint64_t> bets{0};
  std::atomic<std::uint64_t> winners{0};
};

void take(natsConnection* /*connection*/, natsSubscription* /*subscription*/, natsMsg* message,
          void* closure) {
  Counts& counts = *static_cast<Counts*>(closure);
  const std::string_view data(natsMsg_GetData(message),
                              static_cast<std::size_t>(natsMsg_GetDataLength(message)));
  const auto batch = sorteo::decode_packets(0, sorteo::as_bytes(data));
  if (batch.has_error()) {
    std::fprintf(stderr, "nats_consumer: %s\n", batch.error().message().c_str());
    std::_Exit(1);
  }
  std::uint64_t winners = 0;
  for (const sorteo::BetView& bet : *batch) {
    winners += sorteo::parse_decimal(bet.number) == kWinningNumber ? 1 : 0;
  }
  counts.winners += winners;
  counts.bets += batch->size();
  natsMsg_Destroy(message);
}

// One agency's stream, and the subscription that reads it.
class Reader final {
 public:
  Reader(const std::string& server, unsigned agency, Counts& counts)
      : connection_(connect_nats(server)) {
    jsCtx* made = nullptr;
    require(natsConnection_JetStream(&made, connection_.get(), nullptr), "JetStream");
    stream_.reset(made);
    const std::string subject = subject_of(agency);
    const char* subjects[] = {subject.c_str()};
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    config.Name = subject.c_str();
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Storage = js_FileStorage;
    config.Replicas = 1;
    require(js_AddStream(nullptr, stream_.get(), &config, nullptr, nullptr), "AddStream");
    jsSubOptions options;
    jsSubOptions_Init(&options);
    options.Ordered = true;
    natsSubscription* subscription = nullptr;
    require(js_Subscribe(&subscription, stream_.get(), subject.c_str(), &take, &counts, nullptr,
                         &options, nullptr),
            "Subscribe");
    subscription_.reset(subscription);
    require(natsSubscription_SetPendingLimits(subscription, -1, -1), "SetPendingLimits");
  }

 private:
  NatsConnection connection_;
  JetStream stream_{nullptr, &jsCtx_Destroy};
  std::unique_ptr<natsSubscription, decltype(&natsSubscription_Destroy)> subscription_{
      nullptr, &natsSubscription_Destroy};
};

// Until nothing has come for a second.
void catch_up(const Counts& counts) {
  for (std::uint64_t before = counts.bets + 1; before != counts.bets;) {
    before = counts.bets;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

void run(const std::string& server, unsigned agencies) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  Counts counts;
  std::deque<Reader> readers;
  for (unsigned agency = 1; agency <= agencies; ++agency) {
    readers.emplace_back(server, agency, counts);
  }
  std::puts("ready");
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  catch_up(counts);
  std::printf("{\"bets\":%llu,\"winners\":%llu,\"cpu_seconds\":%.3f}\n",
              static_cast<unsigned long long>(counts.bets),
              static_cast<unsigned long long>(counts.winners), sorteo::cli::own_cpu_seconds());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: nats_consumer HOST:PORT AGENCIES\n", stderr);
    return 2;
  }
  try {
    run(argv[1], static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "nats_consumer: %s\n", error.what());
    return 1;
  }
}
