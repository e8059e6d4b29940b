#include "apps/cli/bench/batch_stream.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "apps/cli/bench/bet_list.hpp"
#include "core/message.hpp"
#include "core/version2.hpp"

namespace sorteo::cli {
namespace {

constexpr std::uint32_t kAgency = 7;
constexpr std::size_t kBatchBets = 4;

class BatchStreamTest : public testing::Test {
 protected:
  BatchStreamTest() {
    bets_.add_generated(1, kAgency, 5 * kBatchBets);
    batches_ = std::make_unique<ReadyBatches>(bets_.bets(), kBatchBets);
    session_.bytes[3] = std::byte{0xAB};
  }

  BatchStream stream(WireVersion version, std::uint64_t first = 0) const {
    return {*batches_, version, kAgency, session_, first};
  }

  // Everything up to the end of batch `end` - 1, as writes of `step` bytes at most would send it.
  std::string written(BatchStream& stream, std::uint64_t end, std::size_t step) const {
    std::string bytes;
    const auto room = std::make_unique<GatherRoom>();
    while (stream.written() < end) {
      stream.gather(end, *room);
      std::size_t taken = 0;
      for (const iovec& piece : room->pieces()) {
        const std::size_t size = std::min(piece.iov_len, step - taken);
        bytes.append(static_cast<const char*>(piece.iov_base), size);
        taken += size;
      }
      stream.consume(taken);
    }
    return bytes;
  }

  BetList bets_;
  std::unique_ptr<ReadyBatches> batches_;
  SessionId session_;
};

// The payloads of the messages of `type` that `bytes` consists of.
std::vector<std::string> payloads(std::string_view bytes, MessageType type) {
  std::vector<std::string> payloads;
  while (!bytes.empty()) {
    EXPECT_EQ(static_cast<MessageType>(bytes.front()), type);
    const std::size_t size = load_u32(as_bytes(bytes.substr(1, 4)).data());
    payloads.emplace_back(bytes.substr(5, size));
    bytes.remove_prefix(5 + size);
  }
  return payloads;
}

TEST_F(BatchStreamTest, SendsIdentifiedBatchesInOrder) {
  BatchStream stream = this->stream(WireVersion::k2);
  const auto messages = payloads(written(stream, 12, 1'000'000), MessageType::kOnceBatch);
  ASSERT_EQ(messages.size(), 12U);
  for (std::size_t index = 0; index < messages.size(); ++index) {
    const auto batch = v2::decode_once_batch(as_bytes(messages[index]));
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->agency, kAgency);
    EXPECT_EQ(batch->session, session_);
    EXPECT_EQ(batch->sequence, index + 1);
    EXPECT_EQ(as_text(batch->packets), as_text(batches_->packets(index % 5)));
    const auto decoded = decode_packets(kAgency, batch->packets);
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(decoded->size(), kBatchBets);
  }
}

TEST_F(BatchStreamTest, SendsBatchesOfVersionOne) {
  BatchStream stream = this->stream(WireVersion::k1);
  const auto messages = payloads(written(stream, 6, 1'000'000), MessageType::kBatchBet);
  ASSERT_EQ(messages.size(), 6U);
  for (const std::string& message : messages) {
    const auto batch = decode_batch(as_bytes(message));
    ASSERT_TRUE(batch.has_value());
    EXPECT_EQ(batch->agency(), kAgency);
    EXPECT_EQ(batch->size(), kBatchBets);
  }
}

TEST_F(BatchStreamTest, BytesAreTheSameHoweverWritesAreCut) {
  BatchStream whole = stream(WireVersion::k2);
  const std::string expected = written(whole, 7, 1'000'000);
  for (std::size_t step = 1; step < 700; ++step) {
    BatchStream cut = stream(WireVersion::k2);
    EXPECT_EQ(written(cut, 7, step), expected) << step;
  }
}

TEST_F(BatchStreamTest, BeginsWithTheBatchThatItIsTold) {
  BatchStream stream = this->stream(WireVersion::k2, 3);
  const auto messages = payloads(written(stream, 1, 1'000'000), MessageType::kOnceBatch);
  const auto batch = v2::decode_once_batch(as_bytes(messages.at(0)));
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->sequence, 1U);
  EXPECT_EQ(as_text(batch->packets), as_text(batches_->packets(3)));
}

TEST_F(BatchStreamTest, KnowsWhatWasBegunAndWhatIsWhole) {
  BatchStream stream = this->stream(WireVersion::k2);
  EXPECT_EQ(stream.begun(), 0U);
  stream.consume(1);
  EXPECT_EQ(stream.begun(), 1U);
  EXPECT_EQ(stream.written(), 0U);
  stream.consume(stream.message_bytes(0) - 1);
  EXPECT_EQ(stream.begun(), 1U);
  EXPECT_EQ(stream.written(), 1U);
}

TEST_F(BatchStreamTest, GathersNoMoreThanThereIsRoomFor) {
  BatchStream stream = this->stream(WireVersion::k2);
  const auto room = std::make_unique<GatherRoom>();
  stream.gather(10'000, *room);
  EXPECT_EQ(room->pieces().size(), 2 * GatherRoom::kMaxBatches);
}

TEST_F(BatchStreamTest, ThereIsNothingToGatherBehindTheEnd) {
  BatchStream stream = this->stream(WireVersion::k2);
  written(stream, 3, 1'000'000);
  const auto room = std::make_unique<GatherRoom>();
  stream.gather(3, *room);
  EXPECT_TRUE(room->pieces().empty());
}

}  // namespace
}  // namespace sorteo::cli
