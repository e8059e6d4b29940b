#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "tests/failures/numbered_bets.hpp"
#include "tests/failures/sdk_sender.hpp"

namespace sorteo::test {

/// How much came together.
struct LoadCounts {
  std::uint64_t bets = 0;
  std::uint64_t duplicates = 0;    ///< bets that came again, and were stored once
  std::uint64_t failed_calls = 0;  ///< of the SDK, that were made again
};

/// Several agency programs at once, each on a thread of its own: they submit without end; then,
/// when they are told to, they finish, wait for the draw, and take their winners. Thread-safe, but
/// for the end.
class Load final {
 public:
  /// How many bets a sender hands over at a time.
  static constexpr std::uint32_t kBetsAtATime = 25;

  /// Senders 1, 2, ..., of which each has the options that `options_of` gives it.
  Load(std::uint32_t senders,
       const std::function<client::Options(std::uint32_t sender)>& options_of,
       std::chrono::milliseconds patience);
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  /// Ends what still runs, as soon as its calls return.
  ~Load();

  void start();

  /// Lets all of them flush and stand still. False when they do not within the patience.
  [[nodiscard]] bool pause();
  void resume();

  /// Waits until they have handed over so many bets together. False when they have not within the
  /// patience.
  [[nodiscard]] bool wait_until_submitted(std::uint64_t bets);

  /// They submit no more, and go on to finish. Does not wait.
  void conclude();
  /// Waits for all of them to have their winners. Then nothing runs any more.
  void wait_for_the_end();

  /// Of each sender, from the first, the last bet that was acknowledged.
  std::vector<std::uint32_t> acknowledged() const;

  /// Expects of a store that is not written to: all that `acknowledged` tells is there, in order
  /// and once, and nothing that was not handed over.
  void expect_in(const NumberedBets& stored, const std::vector<std::uint32_t>& acknowledged) const;

  /// After the end: expects exactly all bets, and that everyone was told the winners.
  void expect_all_in(const NumberedBets& stored) const;

  /// After the end.
  LoadCounts counts() const;

 private:
  enum class Order { kSubmit, kPause, kConclude, kGiveUp };

  void run(SdkSender& sender, std::optional<client::Winners>& winners);
  bool submit_until_told(SdkSender& sender);
  bool wait_while_paused();
  bool wait_until_all_are_flushed();
  void tell(Order order);
  std::uint64_t submitted() const;
  std::uint64_t submitted_of_agency(std::uint32_t agency) const;

  const std::chrono::milliseconds patience_;
  std::vector<std::unique_ptr<SdkSender>> senders_;
  std::vector<std::optional<client::Winners>> winners_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Order order_ = Order::kSubmit;
  std::size_t standing_ = 0;
  std::size_t flushed_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace sorteo::test
