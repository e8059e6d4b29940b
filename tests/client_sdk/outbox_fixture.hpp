#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "client_sdk/outbox.hpp"
#include "tests/client_sdk/fake_outbox_disk.hpp"

namespace sorteo::test {

inline constexpr char kOutboxPath[] = "/agency/outbox";
inline constexpr SessionId kOutboxSession{{std::byte{0x5E}, std::byte{0x55}, std::byte{0x10}}};

/// The batch that follows what `outbox` holds; its text depends on its number.
inline client::OutboxBatch next_batch(const client::Outbox& outbox, std::uint64_t bets = 2) {
  const std::uint64_t sequence = outbox.last_sequence() + 1;
  return {sequence, outbox.bets_taken() + 1, bets,
          "packets of batch " + std::to_string(sequence) + std::string(sequence % 7, '.')};
}

/// An outbox on a disk in memory.
class OutboxFixture : public ::testing::Test {
 protected:
  OutboxFixture() {
    options_.path = kOutboxPath;
    options_.agency = 7;
    options_.session = kOutboxSession;
  }

  boost::system::result<std::unique_ptr<client::Outbox>, std::string> try_open() {
    return client::Outbox::open(options_, disk_);
  }

  std::unique_ptr<client::Outbox> open() {
    auto outbox = try_open();
    EXPECT_TRUE(outbox.has_value()) << (outbox.has_error() ? outbox.error() : "");
    return outbox.has_value() ? std::move(*outbox) : nullptr;
  }

  /// Ends the program as kill -9 does, and opens the outbox in the next one.
  std::unique_ptr<client::Outbox> reopen_after_kill(std::unique_ptr<client::Outbox> outbox) {
    disk_.end_program();
    outbox.reset();
    return open();
  }

  std::string error_on_open() {
    const auto outbox = try_open();
    return outbox.has_error() ? outbox.error() : "opened";
  }

  FakeOutboxDisk disk_;
  client::OutboxOptions options_;
};

}  // namespace sorteo::test
