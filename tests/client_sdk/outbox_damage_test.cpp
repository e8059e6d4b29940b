// What becomes of an outbox whose bytes are not those that were written.

#include <cerrno>

#include "client_sdk/outbox_format.hpp"
#include "tests/client_sdk/outbox_fixture.hpp"

namespace sorteo::test {
namespace {

using client::Outbox;
using ::testing::AnyOf;
using ::testing::HasSubstr;

// What an outbox tells of itself.
struct Told {
  std::uint64_t last_sequence;
  std::uint64_t bets_taken;
  std::uint64_t settled;
  std::uint64_t settled_bets;
  std::vector<client::OutboxBatch> unsettled;

  friend bool operator==(const Told&, const Told&) = default;
};

Told told_by(const Outbox& outbox) {
  return {outbox.last_sequence(), outbox.bets_taken(), outbox.settled(), outbox.settled_bets(),
          outbox.unsettled()};
}

class OutboxDamageTest : public OutboxFixture {
 protected:
  // Batches and outcomes by turns, as a client writes them. Keeps what was told at every size that
  // the file had.
  void fill(Outbox& outbox, int steps) {
    for (int step = 0; step < steps; ++step) {
      EXPECT_EQ(outbox.append(next_batch(outbox)), std::nullopt);
      told_at_.emplace(disk_.content(kOutboxPath).size(), told_by(outbox));
      if (step % 3 != 0) {
        EXPECT_EQ(outbox.settle(outbox.settled() + 1, 1), std::nullopt);
        told_at_.emplace(disk_.content(kOutboxPath).size(), told_by(outbox));
      }
    }
  }

  // What an outbox of the first `size` bytes ought to tell.
  Told told_before(std::size_t size) const { return std::prev(told_at_.upper_bound(size))->second; }

  std::map<std::size_t, Told> told_at_{{client::kOutboxHeaderBytes, Told{}}};
};

TEST_F(OutboxDamageTest, TruncatedAtEveryLengthItGoesOnFromTheLastWholeRecord) {
  auto outbox = open();
  fill(*outbox, 40);
  const std::string whole = disk_.content(kOutboxPath);
  disk_.end_program();
  for (std::size_t size = client::kOutboxHeaderBytes; size <= whole.size(); ++size) {
    disk_.put(kOutboxPath, whole.substr(0, size));
    outbox = open();
    const Told told = told_by(*outbox);
    ASSERT_EQ(told, told_before(size)) << size;
    ASSERT_EQ(outbox->append(next_batch(*outbox)), std::nullopt);
    const Told more = told_by(*outbox);
    outbox = reopen_after_kill(std::move(outbox));
    ASSERT_EQ(told_by(*outbox), more) << size;
    outbox.reset();
  }
}

TEST_F(OutboxDamageTest, HeaderCutShortIsDamage) {
  open();
  const std::string whole = disk_.content(kOutboxPath);
  for (std::size_t size = 1; size < client::kOutboxHeaderBytes; ++size) {
    disk_.put(kOutboxPath, whole.substr(0, size));
    ASSERT_THAT(error_on_open(), HasSubstr("damaged at offset 0: the file is shorter")) << size;
  }
}

TEST_F(OutboxDamageTest, EveryFlippedBitIsNoticedAndNothingIsChanged) {
  auto outbox = open();
  fill(*outbox, 12);
  const Told told = told_by(*outbox);
  const std::size_t mark_at = disk_.content(kOutboxPath).size();
  outbox.reset();
  const std::string whole = disk_.content(kOutboxPath);
  ASSERT_EQ(whole.size(), mark_at + client::kOutboxRecordHeaderBytes);
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    disk_.put(kOutboxPath, damaged);
    const auto opened = try_open();
    if (bit / 8 < mark_at) {
      ASSERT_TRUE(opened.has_error()) << bit;
      ASSERT_THAT(opened.error(), HasSubstr("damaged at offset ")) << bit;
      ASSERT_EQ(disk_.content(kOutboxPath), damaged) << bit;
    } else {
      // Only the mark is hit, which holds nothing.
      ASSERT_TRUE(opened.has_value()) << bit;
      ASSERT_EQ(told_by(**opened), told) << bit;
      ASSERT_EQ((*opened)->torn_bytes(), client::kOutboxRecordHeaderBytes) << bit;
    }
  }
}

TEST_F(OutboxDamageTest, DamageIsNoticedAfterAKillToo) {
  auto outbox = open();
  fill(*outbox, 6);
  const std::string whole = disk_.content(kOutboxPath);
  const std::size_t last_batch = std::prev(told_at_.end(), 2)->first;
  disk_.end_program();
  for (std::size_t at = client::kOutboxHeaderBytes; at < last_batch; ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
    disk_.put(kOutboxPath, damaged);
    ASSERT_THAT(error_on_open(), HasSubstr("damaged at offset ")) << at;
  }
}

TEST_F(OutboxDamageTest, EveryBlockThatIsLostDoubledOrSwappedIsNoticed) {
  auto outbox = open();
  fill(*outbox, 120);
  const Told told = told_by(*outbox);
  outbox.reset();
  const std::string whole = disk_.content(kOutboxPath);
  constexpr std::size_t kBlock = 512;
  ASSERT_GT(whole.size(), 20 * kBlock);
  for (std::size_t at = 0; at + 2 * kBlock <= whole.size(); at += kBlock) {
    std::string zeroed = whole;
    zeroed.replace(at, kBlock, kBlock, '\0');
    std::string doubled = whole;
    doubled.replace(at + kBlock, kBlock, whole, at, kBlock);
    std::string swapped = doubled;
    swapped.replace(at, kBlock, whole, at + kBlock, kBlock);
    for (const std::string& damaged : {zeroed, doubled, swapped}) {
      disk_.put(kOutboxPath, damaged);
      const auto opened = try_open();
      ASSERT_TRUE(opened.has_error()) << at;
      ASSERT_THAT(opened.error(), HasSubstr("damaged at offset ")) << at;
    }
  }
}

TEST_F(OutboxDamageTest, TornEndIsCutOff) {
  fill(*open(), 3);
  const std::string whole = disk_.content(kOutboxPath);
  disk_.put(kOutboxPath, whole + std::string(1000, 'x'));
  EXPECT_EQ(open()->torn_bytes(), 1000U);
  EXPECT_EQ(disk_.content(kOutboxPath), whole);
}

TEST_F(OutboxDamageTest, OlderVersionOfARecordIsNoticed) {
  auto outbox = open();
  EXPECT_EQ(outbox->append({1, 1, 1, "older"}), std::nullopt);
  const std::string older = disk_.content(kOutboxPath);
  disk_.end_program();
  // As if a crash had cut it off.
  disk_.put(kOutboxPath, older.substr(0, client::kOutboxHeaderBytes));
  outbox = open();
  EXPECT_EQ(outbox->append({1, 1, 1, "newer"}), std::nullopt);
  EXPECT_EQ(outbox->append({2, 2, 1, "third"}), std::nullopt);
  std::string mixed = disk_.content(kOutboxPath);
  disk_.end_program();
  mixed.replace(0, older.size(), older);
  disk_.put(kOutboxPath, mixed);
  EXPECT_THAT(error_on_open(), HasSubstr("damaged at offset 96"));
}

TEST_F(OutboxDamageTest, RecordsOfAnotherOutboxAreNoneOfThisOne) {
  fill(*open(), 3);
  const std::string other = disk_.content(kOutboxPath);
  ASSERT_EQ(disk_.remove(kOutboxPath), boost::system::error_code());
  options_.session->bytes[15] = std::byte{1};
  open();
  disk_.put(kOutboxPath, disk_.content(kOutboxPath) + other.substr(client::kOutboxHeaderBytes));
  const auto outbox = open();
  EXPECT_EQ(outbox->last_sequence(), 0U);
  EXPECT_GT(outbox->torn_bytes(), 0U);
}

TEST_F(OutboxDamageTest, RecordOfALaterVersionIsLeftAlone) {
  auto outbox = open();
  fill(*outbox, 1);
  disk_.end_program();
  std::string bytes = disk_.content(kOutboxPath);
  const auto header = client::decode_outbox_header(as_bytes(bytes));
  ASSERT_TRUE(header.has_value());
  std::string record = client::mark_record(
      {header->checksum, bytes.size(), 0, client::checksum_in(as_bytes(bytes).subspan(96))});
  record[13] = 2;  // the version
  store_u64(reinterpret_cast<std::byte*>(record.data()),
            client::outbox_checksum(header->checksum, as_bytes(record)));
  bytes += record;
  disk_.put(kOutboxPath, bytes);
  EXPECT_THAT(error_on_open(), HasSubstr("written by a later version"));
  EXPECT_EQ(disk_.content(kOutboxPath), bytes);
}

TEST_F(OutboxDamageTest, UnreadableFileIsNotCalledDamaged) {
  fill(*open(), 3);
  for (int call = 1;; ++call) {
    disk_.fail_nth(call, EIO, true);
    const std::string error = error_on_open();
    if (disk_.has_failure_left()) {
      break;
    }
    if (error != "opened") {
      EXPECT_THAT(error, HasSubstr("Input/output error")) << call;
    }
    disk_.end_program();
  }
}

}  // namespace
}  // namespace sorteo::test
