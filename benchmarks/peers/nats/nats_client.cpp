// The NATS JetStream peer's client (benchmarks/README.md).

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

#include "benchmarks/peers/common/bet_batches.hpp"
#include "benchmarks/peers/common/client_main.hpp"
#include "benchmarks/peers/common/connection_threads.hpp"
#include "benchmarks/peers/common/load_options.hpp"
#include "benchmarks/peers/common/meter.hpp"
#include "benchmarks/peers/nats/nats_connection.hpp"
#include "core/batch.hpp"

namespace {

using namespace sorteo::peers;

// Publishes the batches of one agency, a window of them without an answer.
class Publisher final {
 public:
  Publisher(const LoadOptions& options, unsigned connection, const BetBatches& batches,
            const Meter& meter, Meter::Lane& lane)
      : batch_bets_(options.batch_bets),
        subject_(subject_of(connection + 1)),
        meter_(meter),
        lane_(lane),
        connection_(connect_nats(options.server)),
        sent_at_(options.window) {
    for (const auto& bets : batches) {
      std::string& message = messages_.emplace_back();
      for (const sorteo::Bet& bet : bets) {
        sorteo::append_packet(message, bet.view());
      }
    }
    jsOptions settings;
    jsOptions_Init(&settings);
    settings.PublishAsync.MaxPending = static_cast<std::int64_t>(options.window) + 1;
    settings.PublishAsync.AckHandler = &Publisher::on_answer;
    settings.PublishAsync.AckHandlerClosure = this;
    jsCtx* made = nullptr;
    require(natsConnection_JetStream(&made, connection_.get(), &settings), "JetStream");
    stream_.reset(made);
  }

  // Until the meter has ended, and all that was sent is acknowledged.
  void run() {
    while (!meter_.has_ended()) {
      {
        std::unique_lock lock(mutex_);
        has_room_.wait(lock, [this] { return sent_ - acknowledged_ < sent_at_.size(); });
        sent_at_[sent_ % sent_at_.size()] = Clock::now();
        ++sent_;
      }
      const std::string& message = messages_[(sent_ - 1) % messages_.size()];
      require(js_PublishAsync(stream_.get(), subject_.c_str(), message.data(),
                              static_cast<int>(message.size()), nullptr),
              "publish");
    }
    std::unique_lock lock(mutex_);
    has_room_.wait(lock, [this] { return sent_ == acknowledged_; });
  }

 private:
  // The stream answers in the order in which it stored.
  static void on_answer(jsCtx* /*stream*/, natsMsg* message, jsPubAck* stored,
                        jsPubAckErr* /*error*/, void* self) {
    natsMsg_Destroy(message);
    if (stored == nullptr) {
      std::fputs("nats_client: a batch was not stored\n", stderr);
      std::_Exit(1);
    }
    static_cast<Publisher*>(self)->acknowledge();
  }

  void acknowledge() {
    const std::lock_guard lock(mutex_);
    lane_.acknowledged(batch_bets_, sent_at_[acknowledged_ % sent_at_.size()], Clock::now());
    ++acknowledged_;
    has_room_.notify_one();
  }

  const unsigned batch_bets_;
  const std::string subject_;
  const Meter& meter_;
  Meter::Lane& lane_;
  const NatsConnection connection_;
  JetStream stream_{nullptr, &jsCtx_Destroy};
  std::vector<std::string> messages_;

  std::mutex mutex_;
  std::condition_variable has_room_;
  std::vector<Clock::time_point> sent_at_;
  std::uint64_t sent_ = 0;
  std::uint64_t acknowledged_ = 0;
};

void run(const LoadOptions& options) {
  const auto batches = read_bets_of_all(options.csv, options.connections, options.batch_bets);
  Meter meter(options);
  run_connections(
      options.connections,
      [&](unsigned i) { Publisher(options, i, batches[i], meter, meter.lane(i)).run(); },
      [&] { meter.run(); });
  std::printf("%s\n", meter.result("nats").c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return client_main(argc, argv,
                     "Loads NATS JetStream; nats_consumer makes the streams. "
                     "Its only mode: ready, messages are made before",
                     {"ready"}, run);
}
