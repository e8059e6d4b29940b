#include "apps/cli/bench/wire_connection.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

#include "apps/cli/bench/bet_list.hpp"
#include "core/message.hpp"
#include "core/version2.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/fake_version2.hpp"

namespace sorteo::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::uint32_t kBatchBets = 2;

// A connection whose other end is the test.
class WireConnectionTest : public testing::Test {
 protected:
  WireConnectionTest() {
    bets_.add_generated(1, 1, 10 * kBatchBets);
    batches_ = std::make_unique<ReadyBatches>(bets_.bets(), kBatchBets);
    options_.agency = 1;
    options_.window = 3;
    options_.batch_bets = kBatchBets;
  }
  ~WireConnectionTest() override {
    if (peer_ >= 0) {
      ::close(peer_);
    }
  }

  void connect() {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    peer_ = ends[1];
    connection_ = std::make_unique<WireConnection>(ends[0], options_, *batches_);
  }

  void send() { connection_->send(control_, *gather_room_, result_); }

  void receive(std::string_view bytes) {
    ASSERT_EQ(::send(peer_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    connection_->receive(control_, receive_room_, false, tally_, result_);
  }

  // How many whole messages have come to the other end.
  std::size_t arrived() {
    char bytes[64 * 1024];
    const ssize_t got = ::recv(peer_, bytes, sizeof(bytes), 0);
    received_.append(bytes, got > 0 ? static_cast<std::size_t>(got) : 0);
    std::size_t count = 0;
    std::size_t at = 0;
    while (at + 5 <= received_.size()) {
      at += 5 + load_u32(as_bytes(received_).data() + at + 1);
      count += at <= received_.size() ? 1 : 0;
    }
    return count;
  }

  static std::string receipt(std::uint64_t sequence, std::uint32_t bets = kBatchBets,
                             bool is_duplicate = false) {
    v2::ReceiptMessage message;
    message.sequence = sequence;
    message.receipt.bets = bets;
    message.receipt.is_duplicate = is_duplicate;
    return test::message_bytes(MessageType::kReceipt, v2::encode(message));
  }

  // The failure that `answer` to the first batch is.
  BenchFailure failure_of(const std::string& answer) {
    connect();
    send();
    receive(answer);
    EXPECT_TRUE(connection_->has_failed());
    EXPECT_TRUE(connection_->is_idle()) << "nothing more is waited for";
    EXPECT_EQ(tally_.counts().bets, 0U);
    return result_.failure.value_or(BenchFailure{ExitCode::kOk, "none"});
  }

  BetList bets_;
  std::unique_ptr<ReadyBatches> batches_;
  WireConnectionOptions options_;
  std::unique_ptr<WireConnection> connection_;
  RunControl control_{0s, 1h};
  const std::unique_ptr<GatherRoom> gather_room_ = std::make_unique<GatherRoom>();
  std::vector<std::byte> receive_room_ = std::vector<std::byte>(4096);
  LoadTally tally_;
  LoadResult result_;
  std::string received_;
  int peer_ = -1;
};

TEST_F(WireConnectionTest, SendsAsManyAsTheWindowHolds) {
  connect();
  send();
  EXPECT_EQ(arrived(), 3U);
  send();
  EXPECT_EQ(arrived(), 3U) << "nothing was answered";
  receive(receipt(1) + receipt(2));
  send();
  EXPECT_EQ(arrived(), 5U);
}

TEST_F(WireConnectionTest, CountsWhatWasAcknowledged) {
  connect();
  send();
  receive(receipt(1) + receipt(2));
  EXPECT_EQ(tally_.counts().batches, 2U);
  EXPECT_EQ(tally_.counts().bets, 2U * kBatchBets);
  EXPECT_GT(tally_.counts().bytes, 0U);
  EXPECT_EQ(result_.latencies.count(), 2U);
  EXPECT_FALSE(connection_->is_idle());
  receive(receipt(3));
  EXPECT_TRUE(connection_->is_idle());
  EXPECT_EQ(result_.failure, std::nullopt);
}

TEST_F(WireConnectionTest, CountsThePacketsOfVersionOne) {
  options_.version = WireVersion::k1;
  connect();
  send();
  receive(test::ok_answer() + test::ok_answer() + test::ok_answer());
  EXPECT_EQ(tally_.counts().bets, 3U * kBatchBets);
  EXPECT_EQ(connection_->answered(), 3U);
}

TEST_F(WireConnectionTest, BatchesOfTheWarmUpHaveNoLatency) {
  connect();
  RunControl warming_up(1h, 2h);
  connection_->send(warming_up, *gather_room_, result_);
  ASSERT_EQ(::send(peer_, receipt(1).data(), receipt(1).size(), 0),
            static_cast<ssize_t>(receipt(1).size()));
  connection_->receive(warming_up, receive_room_, false, tally_, result_);
  EXPECT_EQ(tally_.counts().batches, 1U);
  EXPECT_EQ(result_.latencies.count(), 0U);
}

TEST_F(WireConnectionTest, OpenLoopSendsWhatIsDue) {
  const Schedule schedule(1, 1);
  options_.schedule = &schedule;
  connect();
  send();
  EXPECT_EQ(arrived(), 0U);
  connection_->release_one();
  send();
  EXPECT_EQ(arrived(), 1U);
  EXPECT_EQ(connection_->next_due(), 1s);
}

// All were due at the beginning, an hour ago: what the window holds back has waited as well.
TEST_F(WireConnectionTest, OpenLoopCountsFromWhenABatchWasDue) {
  const Schedule schedule(1e9, 1);
  options_.schedule = &schedule;
  connect();
  for (int due = 0; due < 10; ++due) {
    connection_->release_one();
  }
  send();
  EXPECT_EQ(arrived(), 3U);
  connection_->stop_sending(control_.now() + 1h, control_, result_);
  EXPECT_EQ(result_.unsent, 7U);
  EXPECT_EQ(result_.latencies.count(), 7U);
  EXPECT_GE(result_.latencies.percentile(1), 59min);
  EXPECT_GE(result_.late, 1h - 1us);
  EXPECT_FALSE(connection_->is_idle());
  receive(receipt(1) + receipt(2) + receipt(3));
  EXPECT_TRUE(connection_->is_idle());
  EXPECT_EQ(result_.latencies.count(), 10U);
}

TEST_F(WireConnectionTest, NothingIsBegunAfterTheWordToStop) {
  connect();
  send();
  connection_->stop_sending(control_.now(), control_, result_);
  receive(receipt(1) + receipt(2) + receipt(3));
  send();
  EXPECT_EQ(arrived(), 3U);
  EXPECT_TRUE(connection_->is_idle());
}

// The peer reads nothing, so that a message is cut at some place.
TEST_F(WireConnectionTest, MessageThatIsCutIsFinishedAfterTheWordToStop) {
  options_.window = 10'000;
  connect();
  const int bytes = 4608;
  ASSERT_EQ(::setsockopt(connection_->descriptor(), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)),
            0);
  send();
  const std::uint64_t begun = connection_->begun();
  ASSERT_LT(begun, 10'000U);
  connection_->stop_sending(control_.now(), control_, result_);
  for (int turn = 0; turn < 100 && arrived() < begun; ++turn) {
    send();
  }
  EXPECT_EQ(arrived(), begun);
  std::size_t whole = 0;
  for (std::uint64_t batch = 0; batch < begun; ++batch) {
    whole += 5 + v2::kOnceBatchHeaderBytes + batches_->packets(batch).size();
  }
  EXPECT_EQ(received_.size(), whole);
}

TEST_F(WireConnectionTest, RefusalIsAFailure) {
  const auto failure = failure_of(test::v2_error(v2::ErrorCode::kBusy, 0x12));
  EXPECT_EQ(failure.code, ExitCode::kRefused);
  EXPECT_THAT(failure.message, HasSubstr("connection 1 of agency 1: a batch was refused: BUSY"));
}

TEST_F(WireConnectionTest, DuplicateIsAFailure) {
  EXPECT_EQ(failure_of(receipt(1, kBatchBets, true)).code, ExitCode::kFailure);
}

TEST_F(WireConnectionTest, AnswerOutOfOrderIsAFailure) {
  EXPECT_THAT(failure_of(receipt(2)).message, HasSubstr("receipt of batch 2 came where"));
}

TEST_F(WireConnectionTest, AnotherNumberOfBetsIsAFailure) {
  EXPECT_THAT(failure_of(receipt(1, 1)).message, HasSubstr("1 were stored"));
}

TEST_F(WireConnectionTest, AnswerWithoutABatchIsAFailure) {
  options_.window = 1;
  connect();
  send();
  receive(receipt(1) + receipt(2));
  ASSERT_TRUE(result_.failure);
  EXPECT_THAT(result_.failure->message, HasSubstr("had not been sent"));
  EXPECT_EQ(tally_.counts().batches, 1U);
}

TEST_F(WireConnectionTest, EndOfTheConnectionLeavesOutcomesUnknown) {
  connect();
  send();
  ::close(std::exchange(peer_, -1));
  connection_->receive(control_, receive_room_, true, tally_, result_);
  ASSERT_TRUE(result_.failure);
  EXPECT_EQ(result_.failure->code, ExitCode::kOutcomeUnknown);
  EXPECT_TRUE(connection_->is_idle());
}

}  // namespace
}  // namespace sorteo::cli
