#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "client_sdk/client.hpp"

namespace sorteo::test {

/// An agency program that uses the SDK in version 2 and does not give up: what could not be done is
/// done by another call. It sends the numbered bets 1, 2, ... of `sender`. A failure that should
/// not be, or an outcome, is a failed expectation. One thread uses it; acknowledged() may be called
/// from any.
class SdkSender final {
 public:
  /// `how` says whose bets they are and where they go. Nothing is waited for longer than
  /// `patience`.
  SdkSender(std::uint32_t sender, client::Options how, std::chrono::milliseconds patience);
  SdkSender(const SdkSender&) = delete;
  SdkSender& operator=(const SdkSender&) = delete;

  std::uint32_t sender() const noexcept { return sender_; }
  std::uint32_t agency() const noexcept { return agency_; }

  /// Each of these is false when the test has failed.
  [[nodiscard]] bool submit(std::uint32_t bets);
  [[nodiscard]] bool flush();
  /// `total` is what all senders of the agency have stored.
  [[nodiscard]] bool finish(std::uint64_t total);

  /// Waits for the draw. Nothing when the test has failed.
  std::optional<client::Winners> winners();

  /// The bets 1 to this one have been acknowledged.
  std::uint32_t acknowledged() const noexcept { return acknowledged_; }
  /// The bets 1 to this one have been handed to the SDK.
  std::uint32_t submitted() const noexcept { return submitted_; }
  /// Calls that failed, and were made again.
  std::uint64_t failed_calls() const noexcept { return failed_calls_; }

  const client::Progress& progress() const noexcept { return client_.progress(); }

 private:
  using Clock = std::chrono::steady_clock;

  client::Options with_callback(client::Options how);
  void take(const client::BatchResult& batch);
  bool insist(const char* what, const std::function<std::optional<client::Failure>()>& call);

  const std::uint32_t sender_;
  const std::uint32_t agency_;
  const std::chrono::milliseconds patience_;
  std::atomic<std::uint32_t> acknowledged_{0};
  std::atomic<std::uint32_t> submitted_{0};
  std::uint64_t failed_calls_ = 0;
  client::Client client_;
};

}  // namespace sorteo::test
