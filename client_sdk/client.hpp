#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/bet.hpp"

/// What an agency program links. Blocking, with a deadline on every call; no exception crosses it but
/// std::bad_alloc.
namespace sorteo::client {

/// Where on the way a failure came up.
enum class Stage { kLocal, kResolve, kConnect, kSend, kAnswer };

enum class FailureKind {
  kInvalidBet,      ///< the bet breaks a rule; nothing was sent of it
  kTimedOut,        ///< the deadline passed
  kDisconnected,    ///< the peer could not be reached, or went away
  kRefused,         ///< the server answered ERROR
  kBadAnswer,       ///< the peer does not speak this protocol
  kOutcomeUnknown,  ///< batches were sent, and the connection broke before their answers
};

/// Why a call did not do what it was asked.
struct Failure {
  FailureKind kind = FailureKind::kDisconnected;
  Stage stage = Stage::kLocal;
  std::string message;  ///< names the peer, the stage and the cause
};

/// What became of a batch.
enum class Outcome {
  kStored,   ///< the server has acknowledged it
  kRefused,  ///< the server has refused it and stored nothing of it
  kUnknown,  ///< sent, and no answer came: stored or not. It is not sent again.
};

struct BatchResult {
  std::uint64_t first_bet = 0;  ///< the place of its first bet among all submitted, from 1
  std::uint64_t bets = 0;       ///< how many
  Outcome outcome = Outcome::kUnknown;
  std::string reason;  ///< why, when it is not stored
};

struct Progress {
  std::uint64_t bets_submitted = 0;  ///< taken by submit()
  std::uint64_t bets_stored = 0;     ///< acknowledged
  std::uint64_t bets_refused = 0;
  std::uint64_t bets_unknown = 0;
};

struct Options {
  std::string host;
  std::uint16_t port = 0;
  std::uint32_t agency = 0;

  std::size_t max_batch_bets = 100;          ///< a batch is sent when it holds so many bets,
  std::size_t max_batch_bytes = 8 * 1024;    ///< or when one more would pass so many bytes
  std::size_t window = 16;                   ///< batches in flight at most

  std::chrono::milliseconds connect_timeout{10'000};  ///< to resolve and connect
  std::chrono::milliseconds answer_timeout{30'000};   ///< for a call to get on: send, and be answered
  std::chrono::milliseconds first_poll{500};   ///< between questions for the winners, at first;
  std::chrono::milliseconds longest_poll{8'000};  ///< it doubles up to this, with jitter

  /// Called after every answer, on the thread that calls the client. May be empty.
  std::function<void(const Progress&)> on_progress;
  /// Called with the outcome of every batch, on the thread that calls the client. May be empty.
  std::function<void(const BatchResult&)> on_batch;
};

/// The documents of the winners of this agency, in the order in which its bets were stored.
using Winners = std::vector<std::uint32_t>;

/// One agency's conversation with the server. Not thread-safe: one thread uses it at a time.
class Client final {
 public:
  explicit Client(Options options);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  /// Closes the connection. Bets that were not flushed are not sent; unanswered batches stay unknown.
  ~Client();

  /// Takes a bet and sends the batch when it is full. Blocks only while the window is full.
  /// A failure is of this bet (kInvalidBet), or of earlier batches that came to grief meanwhile.
  [[nodiscard]] std::optional<Failure> submit(const BetView& bet);

  /// Sends what is left and waits until every batch is answered.
  [[nodiscard]] std::optional<Failure> flush();

  /// Flushes, then tells the server that this agency has finished.
  [[nodiscard]] std::optional<Failure> finish();

  /// Asks once for the winners, which tells the server that the agency has finished. No value inside:
  /// the draw has not been held.
  [[nodiscard]] std::variant<std::optional<Winners>, Failure> ask_winners();

  /// Asks until the draw has been held, or `patience` is over.
  [[nodiscard]] std::variant<Winners, Failure> wait_for_winners(std::chrono::milliseconds patience);

  const Progress& progress() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sorteo::client
