#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "apps/common/spdlog_log.hpp"
#include "core/handler_registry.hpp"
#include "core/version2.hpp"
#include "handlers/batch_bet_handler.hpp"
#include "handlers/once_batch_handler.hpp"
#include "tests/apps/server/allocation_count.hpp"
#include "tests/apps/server/connection.hpp"
#include "tests/support/batch_bytes.hpp"
#include "tests/support/mock_bet_store.hpp"
#include "transport/server.hpp"

namespace sorteo {
namespace {

// Calls back from a thread of its own, a group at a time, as a store with a disk does.
class GroupingStore final : public test::MockBetStore {
 public:
  GroupingStore() {
    waiting_.reserve(1024);
    group_.reserve(1024);
    thread_ = std::thread([this] { run(); });
  }
  ~GroupingStore() override {
    {
      const std::lock_guard lock(mutex_);
      is_closing_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void append(const Batch&, Completion done) override {
    add([done = std::move(done)]() mutable { done({}); });
  }
  void append_once(const IdentifiedBatch& batch, ReceiptCompletion done) override {
    const Receipt receipt{BatchOutcome::kStored, false, *batch.bets, batch.sequence};
    add([done = std::move(done), receipt]() mutable { done({}, receipt); });
  }

 private:
  using Task = UniqueFunction<void(), 128>;

  void add(Task task) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(task));
    }
    wake_.notify_one();
  }

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return is_closing_ || !waiting_.empty(); });
      if (waiting_.empty()) {
        return;
      }
      group_.swap(waiting_);
      lock.unlock();
      for (Task& task : group_) {
        task();
      }
      group_.clear();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Task> waiting_;
  std::vector<Task> group_;
  bool is_closing_ = false;
  std::thread thread_;
};

struct Nowhere {
  ~Nowhere() { ::close(descriptor); }
  const int descriptor = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
};

// The way of a batch from the socket to its answer, as the server's main wires it, with its line in
// the log.
class BatchAllocationTest : public testing::Test {
 protected:
  static constexpr int kInFlight = 32;
  static constexpr int kWarmUps = 100;
  static constexpr int kRounds = 200;
  // Now and then more gathers in a buffer than ever before, and it grows. What was allocated for
  // each wake-up of the session would be kRounds at least.
  static constexpr std::uint64_t kGrowths = kRounds / 4;

  BatchAllocationTest() {
    test::allocate_uncounted();
    handlers_.add(1, std::make_unique<BatchBetHandler>(store_, gate_, log_));
    handlers_.add(static_cast<std::uint8_t>(MessageType::kOnceBatch),
                  std::make_unique<OnceBatchHandler>(store_, gate_, log_));
    ServerOptions options;
    options.threads = 1;
    server_.emplace(std::move(options), handlers_, log_);
    EXPECT_EQ(server_->start(), std::nullopt);
  }

  // What the server allocates while `requests` are answered kRounds times, once its buffers have
  // their sizes.
  std::uint64_t allocations_of(const std::string& requests, std::size_t answer_bytes) {
    const test::Connection connection(server_->port());
    std::uint64_t before = 0;
    for (int round = 0; round < kWarmUps + kRounds; ++round) {
      if (round == kWarmUps) {
        before = test::allocation_count();
      }
      connection.send(requests);
      EXPECT_EQ(connection.receive(answer_bytes).size(), answer_bytes);
    }
    return test::allocation_count() - before;
  }

  const Nowhere nowhere_;
  AgencyGate gate_;
  SpdlogLog log_{{.descriptor = nowhere_.descriptor}};
  GroupingStore store_;
  HandlerRegistry handlers_;
  std::optional<Server> server_;
};

std::string message(MessageType type, const std::string& payload) {
  std::string bytes;
  append_u8(bytes, static_cast<std::uint8_t>(type));
  append_u32(bytes, static_cast<std::uint32_t>(payload.size()));
  return bytes + payload;
}

TEST_F(BatchAllocationTest, NothingIsAllocatedForABatchOfVersion1) {
  std::string requests;
  for (int i = 0; i < kInFlight; ++i) {
    requests += message(MessageType::kBatchBet, test::batch_bytes(1, test::many_bets(20)));
  }
  EXPECT_LT(allocations_of(requests, kInFlight * 7), kGrowths);
}

TEST_F(BatchAllocationTest, NothingIsAllocatedForABatchOfVersion2) {
  std::string requests;
  for (int i = 0; i < kInFlight; ++i) {
    std::string payload;
    v2::append_once_batch_header(payload, 1, SessionId{}, 1);
    payload += test::batch_bytes(1, test::many_bets(20)).substr(4);
    requests += message(MessageType::kOnceBatch, payload);
  }
  EXPECT_LT(allocations_of(requests, kInFlight * 27), kGrowths);
}

}  // namespace
}  // namespace sorteo
