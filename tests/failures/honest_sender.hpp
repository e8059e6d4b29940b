#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <thread>

#include "client_sdk/client.hpp"
#include "tests/failures/numbered_bets.hpp"

namespace sorteo::test {

/// An agency program, on a thread of its own, that sends the numbered bets of a sender over
/// whatever version of the protocol its options say, and keeps what it is told of each batch.
class HonestSender final {
 public:
  /// Begins to send.
  HonestSender(std::uint32_t sender, client::Options how);
  HonestSender(const HonestSender&) = delete;
  HonestSender& operator=(const HonestSender&) = delete;
  ~HonestSender() { stop(); }

  /// Sends nothing more, waits until every batch that was begun has an outcome, and disconnects.
  void stop();

  /// After the end, of a store that is not written to: expects that no bet is there twice, that
  /// what was called stored is there, that an unknown batch is there whole or not at all, and
  /// nothing else.
  void expect_in(const NumberedBets& stored) const;

 private:
  void run(client::Options how);
  void expect_passing(const client::Failure& failure) const;

  const std::uint32_t sender_;
  std::map<std::uint64_t, client::BatchResult> batches_;  // by their first bet
  std::uint32_t submitted_ = 0;
  std::atomic<bool> is_stopping_{false};
  std::thread thread_;
};

}  // namespace sorteo::test
