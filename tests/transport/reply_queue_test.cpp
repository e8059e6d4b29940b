#include "transport/reply_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "transport/reply_encoding.hpp"

namespace sorteo {
namespace {

Reply numbered(std::uint64_t number) {
  return {Reply::Envelope::kPacket, 0, std::to_string(number)};
}

std::string encoded(std::initializer_list<std::uint64_t> numbers) {
  std::string out;
  for (const auto number : numbers) {
    encode_reply(out, numbered(number));
  }
  return out;
}

class ReplyQueueTest : public testing::Test {
 protected:
  std::string collected() {
    std::string out;
    queue_->collect(out);
    return out;
  }

  void open(int count) {
    for (int i = 0; i < count; ++i) {
      queue_->open();
    }
  }

  int wakes_ = 0;
  std::shared_ptr<ReplyQueue> queue_ = std::make_shared<ReplyQueue>(4, [this] { ++wakes_; });
};

TEST_F(ReplyQueueTest, RequestsAreNumberedFromZero) {
  EXPECT_EQ(queue_->open(), 0U);
  EXPECT_EQ(queue_->open(), 1U);
  EXPECT_EQ(queue_->in_flight(), 2U);
}

TEST_F(ReplyQueueTest, NothingToCollect) {
  EXPECT_EQ(collected(), "");
  open(1);
  EXPECT_EQ(collected(), "");
}

TEST_F(ReplyQueueTest, RepliesInReverseComeOutInOrder) {
  open(3);
  queue_->deliver(2, numbered(2));
  EXPECT_EQ(collected(), "");
  queue_->deliver(1, numbered(1));
  EXPECT_EQ(collected(), "");
  queue_->deliver(0, numbered(0));
  EXPECT_EQ(collected(), encoded({0, 1, 2}));
  EXPECT_EQ(queue_->in_flight(), 0U);
}

TEST_F(ReplyQueueTest, ReadyRepliesDoNotWaitForLaterOnes) {
  open(3);
  queue_->deliver(0, numbered(0));
  queue_->deliver(2, numbered(2));
  EXPECT_EQ(collected(), encoded({0}));
  queue_->deliver(1, numbered(1));
  EXPECT_EQ(collected(), encoded({1, 2}));
}

TEST_F(ReplyQueueTest, IsFullAtItsCapacityUntilTheOldestIsCollected) {
  open(4);
  EXPECT_TRUE(queue_->is_full());
  queue_->deliver(3, numbered(3));
  collected();
  EXPECT_TRUE(queue_->is_full());
  queue_->deliver(0, numbered(0));
  collected();
  EXPECT_FALSE(queue_->is_full());
  EXPECT_EQ(queue_->open(), 4U);
  EXPECT_TRUE(queue_->is_full());
}

TEST_F(ReplyQueueTest, HeldBytesAreThoseBehindAnUnansweredRequest) {
  open(3);
  queue_->deliver(1, {Reply::Envelope::kPacket, 0, std::string(100, 'x')});
  queue_->deliver(2, {Reply::Envelope::kPacket, 0, std::string(10, 'x')});
  collected();
  EXPECT_EQ(queue_->held_bytes(), 110U);
  queue_->deliver(0, numbered(0));
  collected();
  EXPECT_EQ(queue_->held_bytes(), 0U);
}

TEST_F(ReplyQueueTest, OneWakeUpForManyReplies) {
  open(3);
  queue_->deliver(0, numbered(0));
  queue_->deliver(1, numbered(1));
  EXPECT_EQ(wakes_, 1);
  queue_->acknowledge_wake();
  collected();
  queue_->deliver(2, numbered(2));
  EXPECT_EQ(wakes_, 2);
}

TEST_F(ReplyQueueTest, NoSecondWakeUpWhileOneIsOnItsWay) {
  open(2);
  queue_->deliver(0, numbered(0));
  collected();  // for another reason than the wake-up
  queue_->deliver(1, numbered(1));
  EXPECT_EQ(wakes_, 1);
  queue_->acknowledge_wake();
  EXPECT_EQ(collected(), encoded({1}));
}

TEST_F(ReplyQueueTest, OwnThreadNeedsNoWakeUpWhileCollecting) {
  open(2);
  {
    const ReplyQueue::Collecting collecting(*queue_);
    queue_->deliver(0, numbered(0));
  }
  EXPECT_EQ(wakes_, 0);
  EXPECT_EQ(collected(), encoded({0}));
  queue_->deliver(1, numbered(1));
  EXPECT_EQ(wakes_, 1);
}

TEST_F(ReplyQueueTest, AnotherThreadWakesWhileCollecting) {
  open(1);
  const ReplyQueue::Collecting collecting(*queue_);
  std::thread([this] { queue_->deliver(0, numbered(0)); }).join();
  EXPECT_EQ(wakes_, 1);
}

TEST_F(ReplyQueueTest, FailedWakeUpIsTriedAgain) {
  int tries = 0;
  ReplyQueue queue(4, [&tries] {
    ++tries;
    throw std::bad_alloc();
  });
  queue.open();
  queue.open();
  queue.deliver(0, numbered(0));
  queue.deliver(1, numbered(1));
  EXPECT_EQ(tries, 2);
  EXPECT_TRUE(queue.has_mail());
  std::string out;
  queue.collect(out);
  EXPECT_EQ(out, encoded({0, 1}));
}

TEST_F(ReplyQueueTest, RepliesAfterCloseAreDropped) {
  open(1);
  queue_->close();
  queue_->deliver(0, numbered(0));
  EXPECT_EQ(wakes_, 0);
  EXPECT_FALSE(queue_->has_mail());
}

TEST_F(ReplyQueueTest, ReleaseKeepsWhatIsInFlight) {
  open(1);
  queue_->release();
  queue_->deliver(0, numbered(0));
  EXPECT_EQ(collected(), encoded({0}));
  queue_->release();
  EXPECT_EQ(queue_->open(), 1U);
  queue_->deliver(1, numbered(1));
  EXPECT_EQ(collected(), encoded({1}));
}

TEST_F(ReplyQueueTest, ManyInFlightAreAnsweredInOrderAgainAndAgain) {
  ReplyQueue queue(100, [] {});
  std::uint64_t next = 0;
  for (const std::uint64_t count : {1, 8, 9, 100, 3, 100}) {
    std::string out;
    std::string wanted;
    for (std::uint64_t i = 0; i < count; ++i) {
      ASSERT_EQ(queue.open(), next + i);
    }
    for (std::uint64_t i = count; i > 0; --i) {
      queue.deliver(next + i - 1, numbered(next + i - 1));
    }
    for (std::uint64_t i = 0; i < count; ++i) {
      encode_reply(wanted, numbered(next + i));
    }
    queue.collect(out);
    EXPECT_EQ(out, wanted);
    next += count;
  }
}

TEST_F(ReplyQueueTest, WindowThatNeverBecomesEmptyGoesRound) {
  open(4);
  for (std::uint64_t number = 0; number < 50; ++number) {
    queue_->deliver(number, numbered(number));
    EXPECT_EQ(collected(), encoded({number}));
    open(1);
  }
}

TEST_F(ReplyQueueTest, DroppedResponderAnswersInternal) {
  { const Responder responder(queue_, queue_->open(), 1); }
  std::string internal;
  encode_reply(internal, error_reply("INTERNAL"));
  EXPECT_EQ(collected(), internal);
}

TEST_F(ReplyQueueTest, IsAbandonedFromWhenThePeerHasLeft) {
  EXPECT_FALSE(queue_->is_abandoned());
  queue_->abandon();
  EXPECT_TRUE(queue_->is_abandoned());
  open(1);
  queue_->deliver(0, numbered(0));  // it may still be listening
  EXPECT_EQ(collected(), encoded({0}));
}

TEST_F(ReplyQueueTest, IsAbandonedWhenItIsClosed) {
  queue_->close();
  EXPECT_TRUE(queue_->is_abandoned());
}

TEST_F(ReplyQueueTest, AcceptsAGoAwayFromTheReplyOnThatSaysSo) {
  open(2);
  Reply welcome = numbered(1);
  welcome.accepts_go_away = true;
  queue_->deliver(1, std::move(welcome));
  EXPECT_EQ(collected(), "");
  EXPECT_FALSE(queue_->accepts_go_away());
  queue_->deliver(0, numbered(0));
  EXPECT_EQ(collected(), encoded({0, 1}));
  EXPECT_TRUE(queue_->accepts_go_away());
}

// Replies from several threads, in any order, each once and in order, and none without a wake-up.
TEST(ReplyQueueThreadsTest, EveryReplyComesOutInOrder) {
  constexpr std::uint64_t kRequests = 20'000;
  constexpr std::size_t kCapacity = 64;
  constexpr int kThreads = 4;

  std::mutex mutex;
  std::condition_variable changed;
  bool is_woken = false;
  std::atomic<int> pending_wakes = 0;
  std::vector<Responder> work;
  bool is_over = false;

  const auto queue = std::make_shared<ReplyQueue>(kCapacity, [&] {
    EXPECT_EQ(pending_wakes.fetch_add(1), 0);
    const std::lock_guard lock(mutex);
    is_woken = true;
    changed.notify_all();
  });

  std::vector<std::uint64_t> numbers;  // what each responder in `work` is to answer
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      std::mt19937 random(static_cast<unsigned>(i));
      for (;;) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return is_over || !work.empty(); });
        if (work.empty()) {
          return;
        }
        const std::size_t at = random() % work.size();
        std::swap(work[at], work.back());
        std::swap(numbers[at], numbers.back());
        Responder responder = std::move(work.back());
        const std::uint64_t number = numbers.back();
        work.pop_back();
        numbers.pop_back();
        lock.unlock();
        responder.send(numbered(number));
      }
    });
  }

  std::string all;
  std::string wanted;
  for (std::uint64_t opened = 0; opened < kRequests || queue->in_flight() > 0;) {
    while (opened < kRequests && !queue->is_full()) {
      Responder responder(queue, queue->open(), 1);
      const std::lock_guard lock(mutex);
      work.push_back(std::move(responder));
      numbers.push_back(opened++);
      changed.notify_all();
    }
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(60), [&] { return is_woken; }));
    is_woken = false;
    lock.unlock();
    --pending_wakes;
    queue->acknowledge_wake();
    queue->collect(all);
  }
  {
    const std::lock_guard lock(mutex);
    is_over = true;
    changed.notify_all();
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (std::uint64_t number = 0; number < kRequests; ++number) {
    encode_reply(wanted, numbered(number));
  }
  EXPECT_TRUE(all == wanted);
}

}  // namespace
}  // namespace sorteo
