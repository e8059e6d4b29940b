// An outbox whose program or machine ends between any two calls to the system, or whose calls fail.

#include <cerrno>

#include "tests/client_sdk/outbox_fixture.hpp"

namespace sorteo::test {
namespace {

using client::Outbox;
using client::OutboxBatch;

// What a client does with an outbox, and what it may count on afterwards.
class Script {
 public:
  // Goes on until `steps` steps are done or the outbox says no.
  void run(Outbox& outbox, int steps) {
    if (outbox.settled() > settled_) {
      settled_ = outbox.settled();
    }
    for (int step = 0; step < steps; ++step) {
      if (outbox.unsettled().size() >= 3) {
        if (outbox.settle(outbox.settled() + 1, 2)) {
          return;
        }
      } else {
        const OutboxBatch batch = next_batch(outbox);
        last_tried_ = batch.sequence;
        if (outbox.append(batch)) {
          return;
        }
        last_taken_ = batch.sequence;
      }
    }
  }

  // Everything that was taken is there, as it was; what was not may be.
  void check(const Outbox& outbox) const {
    ASSERT_GE(outbox.last_sequence(), last_taken_);
    ASSERT_LE(outbox.last_sequence(), last_tried_);
    ASSERT_EQ(outbox.bets_taken(), 2 * outbox.last_sequence());
    ASSERT_EQ(outbox.settled_bets(), 2 * outbox.settled());
    ASSERT_EQ(outbox.session(), kOutboxSession);
    std::uint64_t sequence = outbox.settled();
    for (const OutboxBatch& batch : outbox.unsettled()) {
      ++sequence;
      ASSERT_EQ(batch.sequence, sequence);
      ASSERT_EQ(batch.first_bet, 2 * sequence - 1);
      ASSERT_EQ(batch.packets,
                "packets of batch " + std::to_string(sequence) + std::string(sequence % 7, '.'));
    }
    ASSERT_EQ(sequence, outbox.last_sequence());
  }

 private:
  std::uint64_t last_tried_ = 0;
  std::uint64_t last_taken_ = 0;
  std::uint64_t settled_ = 0;
};

class OutboxCrashTest : public OutboxFixture {
 protected:
  // So that it is rewritten every few steps.
  OutboxCrashTest() { options_.rewrite_bytes = 400; }

  // Fails the nth call, for every n until nothing fails, with a run before and one after it.
  void fail_every_call(int error, bool for_good) {
    for (int n = 1;; ++n) {
      disk_.end_program();
      disk_ = FakeOutboxDisk();
      Script script;
      disk_.fail_nth(n, error, for_good);
      if (auto outbox = try_open(); outbox.has_value()) {
        script.run(**outbox, 60);
        const bool done = disk_.has_failure_left();
        disk_.end_program();
        outbox = std::string();
        if (done) {
          EXPECT_GT(n, 100);
          return;
        }
      }
      disk_.end_program();
      const auto after = open();
      ASSERT_TRUE(after) << n;
      script.check(*after);
      ASSERT_FALSE(HasFatalFailure()) << n;
      script.run(*after, 20);
    }
  }
};

TEST_F(OutboxCrashTest, IsRewrittenSmallAndTheSame) {
  Script script;
  auto outbox = open();
  script.run(*outbox, 500);
  EXPECT_LT(disk_.content(kOutboxPath).size(), 1500U);
  outbox = reopen_after_kill(std::move(outbox));
  script.check(*outbox);
  EXPECT_GT(outbox->settled(), 200U);
  EXPECT_THAT(disk_.names(), ::testing::ElementsAre(kOutboxPath, "/agency/outbox.lock"));
}

TEST_F(OutboxCrashTest, CallThatFailsOnceLosesNothing) { fail_every_call(EIO, false); }

TEST_F(OutboxCrashTest, DiskThatFailsForGoodLosesNothing) { fail_every_call(EIO, true); }

TEST_F(OutboxCrashTest, DiskThatFillsUpLosesNothing) { fail_every_call(ENOSPC, true); }

TEST_F(OutboxCrashTest, InterruptedCallLosesNothing) { fail_every_call(EINTR, false); }

TEST_F(OutboxCrashTest, KillsAndPowerCutsLoseNothing) {
  for (unsigned seed = 0; seed < 5000; ++seed) {
    std::mt19937 random(seed);
    disk_ = FakeOutboxDisk();
    Script script;
    for (int run = 0; run < 6; ++run) {
      auto outbox = try_open();
      ASSERT_TRUE(outbox.has_value()) << seed << ": " << outbox.error();
      script.check(**outbox);
      ASSERT_FALSE(HasFatalFailure()) << seed;
      if (random() % 2 != 0) {
        disk_.fail_nth(static_cast<int>(1 + random() % 60), EIO, true);
      }
      script.run(**outbox, static_cast<int>(random() % 40));
      if (random() % 2 != 0) {
        disk_.cut_power(random);
      } else {
        disk_.end_program();
      }
    }
  }
}

TEST_F(OutboxCrashTest, RewritingThatFindsNoRoomIsLeftForLater) {
  Script script;
  const auto outbox = open();
  script.run(*outbox, 30);
  const std::size_t before = disk_.content(kOutboxPath).size();
  disk_.put("/agency/outbox.new", "left behind by a crash");
  script.run(*outbox, 200);
  script.check(*outbox);
  EXPECT_LT(disk_.content(kOutboxPath).size(), before + 1500);
}

}  // namespace
}  // namespace sorteo::test
