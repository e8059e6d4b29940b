#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "client_sdk/outbox_options.hpp"
#include "core/bet.hpp"

/// What an agency program links. Blocking, with a deadline on every call; failures are values, and
/// no exception crosses it but std::bad_alloc. The guide is docs/client-sdk.md.
namespace sorteo::client {

/// Where on the way a failure came up.
enum class Stage {
  kLocal,    ///< in this program, before the network
  kResolve,  ///< finding the addresses of the host
  kConnect,  ///< opening a connection to one of them
  kSend,     ///< writing to it
  kAnswer,   ///< waiting for the server's answer, or reading it
};

enum class FailureKind {
  kInvalidBet,      ///< the bet breaks a rule; nothing was sent of it
  kTimedOut,        ///< the deadline passed; no batch's outcome has become unknown
  kDisconnected,    ///< the peer could not be reached, or went away; no outcome has become unknown
  kRefused,         ///< the server has refused what was asked
  kBadAnswer,       ///< the peer does not speak this protocol
  kOutcomeUnknown,  ///< batches were sent, and no answer came that says whether they are stored; in
                    ///< version 1 alone
  kOutbox,          ///< the outbox cannot be opened or written, or the system has no random
                    ///< numbers to begin a session; what the outbox does not hold was not sent
};

/// Why a call did not do what it was asked.
struct Failure {
  FailureKind kind = FailureKind::kDisconnected;
  Stage stage = Stage::kLocal;
  std::string message;  ///< names the peer, the stage and the cause: `10.1.2.3:12345: connect: ...`
};

/// What became of a batch.
enum class Outcome {
  kStored,     ///< the server has acknowledged it
  kDuplicate,  ///< the server had stored it before it came this time: it is stored once
  kRefused,    ///< the server has refused it and stored nothing of it
  kUnknown,    ///< sent, and no answer came, or the server does not know either: stored or not. In
               ///< version 1 it is not sent again; in version 2 it is, under the same identity,
               ///< and then has one of the other outcomes
};

struct BatchResult {
  std::uint64_t first_bet = 0;  ///< the place of its first bet among all submitted, from 1
  std::uint64_t bets = 0;       ///< how many
  Outcome outcome = Outcome::kUnknown;
  std::string reason;  ///< why, when it is not stored
};

/// What has become of the bets so far. Bets in none of the counts but the first wait in the client,
/// or have been sent and are not answered yet.
struct Progress {
  std::uint64_t bets_submitted = 0;  ///< taken by submit(), in an outbox's earlier runs too
  std::uint64_t bets_recovered = 0;  ///< known to be stored from an outbox's earlier runs
  std::uint64_t bets_stored = 0;     ///< acknowledged
  std::uint64_t bets_duplicate = 0;  ///< stored, by an earlier sending
  std::uint64_t bets_refused = 0;    ///< and not stored
  std::uint64_t bets_unknown = 0;    ///< sent, and no answer came that tells. In version 2 this
                                     ///< falls again: they are sent once more
};

/// What an outbox has brought along.
struct Recovered {
  std::uint64_t bets_taken = 0;    ///< submitted in earlier runs: go on with the bet after these
  std::uint64_t bets_durable = 0;  ///< of these, known to be stored so far; the rest is sent again
};

/// Which versions of the protocol a client speaks.
enum class Protocol {
  kAuto,      ///< version 2, or version 1 with a server that does not know it
  kVersion1,  ///< version 1 alone
  kVersion2,  ///< version 2 alone
};

/// One of several servers.
struct ServerAddress {
  std::string host;        ///< an IPv4 or IPv6 address, or a name
  std::uint16_t port = 0;  ///< TCP

  friend bool operator==(const ServerAddress&, const ServerAddress&) = default;
};

/// How a client works. A zero among the sizes counts as one.
struct Options {
  std::string host;          ///< an IPv4 or IPv6 address, or a name
  std::uint16_t port = 0;    ///< TCP
  std::uint32_t agency = 0;  ///< whose bets these are
  /// Other ways to the same service, tried in turn when one fails. They must lead to the same
  /// store.
  std::vector<ServerAddress> alternates;
  Protocol protocol = Protocol::kAuto;

  /// A file in which every batch is kept before it is sent, so that a program that is run again
  /// after a crash goes on where it was. Its agency is the one above, whatever stands there. Needs
  /// version 2.
  std::optional<OutboxOptions> outbox;

  std::size_t max_batch_bets = 100;        ///< a batch is sent when it holds so many bets,
  std::size_t max_batch_bytes = 8 * 1024;  ///< or when one more bet would make its message, with
                                           ///< all headers, longer than so many bytes
  std::size_t window = 16;  ///< batches handed over and not answered, at most: sent or waiting

  std::chrono::milliseconds connect_timeout{10'000};  ///< to resolve and connect, each time
  std::chrono::milliseconds answer_timeout{30'000};   ///< without any answer, while one is due
  std::chrono::milliseconds hello_timeout{3'000};  ///< without a Welcome, from a server that may be
                                                   ///< of version 1
  std::chrono::milliseconds first_retry{100};      ///< bound of the pause after a failed attempt;
  std::chrono::milliseconds longest_retry{5'000};  ///< it doubles up to this, with full jitter
  std::chrono::milliseconds first_poll{500};       ///< between questions for the winners, at first;
  std::chrono::milliseconds longest_poll{8'000};   ///< it doubles up to this, with jitter

  /// Called after the outcome of every batch, on the thread that calls the client. May be empty.
  /// Neither callback may throw, or call any function of the client but progress().
  std::function<void(const Progress&)> on_progress;
  /// Called with the outcome of every batch, on the thread that calls the client. May be empty.
  std::function<void(const BatchResult&)> on_batch;
};

/// The documents of the winners of this agency, in the order in which its bets were stored.
using Winners = std::vector<std::uint32_t>;

/// What submit_all() did.
struct Submitted {
  std::uint64_t taken = 0;         ///< bets of the range that were taken: its first so many
  std::optional<Failure> failure;  ///< why the next one was not; nothing when all were taken
};

/// What can be submitted as a bet.
template <typename T>
concept BetLike = std::convertible_to<T, const Bet&> || std::convertible_to<T, BetView>;

/// A range whose bets lie in memory side by side, so that many can be looked at together. Those of
/// another may be made, or read into one place, as it is walked: each is gone at the next.
template <typename T>
concept BetsInMemory = std::ranges::contiguous_range<T> &&
    (std::derived_from<std::ranges::range_value_t<T>, Bet> ||
     std::derived_from<std::ranges::range_value_t<T>, BetView>);

/// One agency's conversation with the server. Not thread-safe: one thread uses it at a time. It has
/// no thread of its own, and works only while one of its functions runs.
///
/// **Deadlines.** Each function returns within `connect_timeout + answer_timeout`, and
/// wait_for_winners() within its patience. One in which `answer_timeout` passes without any answer
/// gives the connection up. A failure of kind kTimedOut loses nothing: call again to go on.
///
/// **Version 2.** Each batch has an identity, and is sent again until it has its outcome: by this
/// client, on new connections, to each server in turn, while its calls have time and the budget of
/// retries lasts (client_sdk/retry_policy.hpp); then by its next calls; or, with an outbox, by the
/// next run of the program. It is stored once all the same. A client that was once welcomed in
/// version 2 never speaks version 1.
///
/// **Version 1.** A batch whose sending has begun is never sent again. When its connection ends
/// before its answer, its outcome is unknown: on_batch and progress() say so, and the failure is of
/// kind kOutcomeUnknown and names the bets. Batches that were still waiting are not concerned: a
/// later call sends them on a new connection. A server that answers that it does not know itself
/// makes the batch unknown too.
///
/// **After a failure** the client stays usable, whatever the kind. Each refused batch, and in
/// version 1 each unknown one, is the subject of one failure: of the call in which it came up, or
/// of the next one. Failures that meet are returned as one, of the gravest kind, and on_batch tells
/// each batch apart. Two failures stay: an outbox that cannot be opened or written, and a server
/// whose word on the session contradicts what it has said before, for then a bet could be lost or
/// doubled unseen.
///
/// A moved-from client can only be assigned to or destroyed.
class Client final {
 public:
  /// Opens the outbox, if there is one; when that fails, every call says why (kOutbox). Does not
  /// connect: the first batch does.
  explicit Client(Options options);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  /// Closes the connection. Bets that were not flushed are not sent, batches that were not answered
  /// stay unknown (see unsettled()), and nothing is called back.
  ~Client();

  /// Takes a bet, and sends the batch when it is full. Blocks only to connect, and while the window
  /// is full.
  ///
  /// On failure the bet was NOT taken: submitting it again is how to go on. The failure is of this
  /// bet (kInvalidBet), or it is about earlier batches: they were refused (kRefused) or became
  /// unknown (kOutcomeUnknown), or the server cannot be reached (kTimedOut, kDisconnected), and
  /// then they wait for a later call. With kOutbox, the batch before this bet waits to be written.
  [[nodiscard]] std::optional<Failure> submit(const BetView& bet);
  [[nodiscard]] std::optional<Failure> submit(const Bet& bet) { return submit(bet.view()); }

  /// Submits bets until one is not taken. Says how many were: to go on after a failure, submit what
  /// follows them. As submit() one by one, but full batches are sent together: the last of them
  /// when it returns, or before it waits for anything.
  [[nodiscard]] Submitted submit_all(std::span<const BetView> bets) {
    return submit_run(bets, Following::kNone);
  }

  /// The same with the bets of a range, each a Bet or a BetView. It is as quick where they lie side
  /// by side in memory, as in a vector; else each batch is sent alone.
  template <std::ranges::input_range Bets>
  requires BetLike<std::ranges::range_reference_t<Bets>>
  [[nodiscard]] Submitted submit_all(Bets&& bets) {
    if constexpr (BetsInMemory<Bets>) {
      return submit_in_runs(bets);
    } else {
      return submit_one_by_one(bets);
    }
  }

  /// Sends what is left and waits until every batch is answered.
  [[nodiscard]] std::optional<Failure> flush();

  /// Flushes, then tells the server that this agency has finished. When the flush reports a
  /// failure, finish() returns it and says nothing to the server, because afterwards the server
  /// takes no more bets of this agency; calling it again accepts what was reported and goes on.
  /// Saying it twice is harmless.
  ///
  /// In version 2 the server is told how many bets of the agency must be stored: `total`, or else
  /// what this client, or its outbox in all its runs, knows to be stored. When it has another
  /// number, the failure is kRefused and names both, and the agency has not finished. Give `total`
  /// when the agency's bets come from several clients. Version 1 has no such number.
  [[nodiscard]] std::optional<Failure> finish(std::optional<std::uint64_t> total = std::nullopt);

  /// Flushes as finish() does, then asks once for the winners. No value inside: the draw has not
  /// been held. In version 1 this also tells the server that the agency has finished; in version 2
  /// it does not.
  [[nodiscard]] std::variant<std::optional<Winners>, Failure> ask_winners();

  /// Asks as ask_winners() does until the draw has been held, or `patience` is over (kTimedOut). In
  /// version 2 the server holds the question until the draw. In version 1 the client sleeps between
  /// two questions: at random between half of `first_poll` and a bound that starts at `first_poll`
  /// and doubles up to `longest_poll`. A server that has answered before and cannot be reached for
  /// a while is asked again too; one that never answered is a failure at once.
  [[nodiscard]] std::variant<Winners, Failure> wait_for_winners(std::chrono::milliseconds patience);

  /// What the outbox has brought along; zeros without one. `bets_durable` grows while the bets of
  /// earlier runs get their outcomes.
  Recovered recovered() const;

  /// The batches that were sent, maybe by an earlier run, and have no outcome, each as kUnknown and
  /// with what resolves it. In version 1 there are none: they are told by on_batch.
  std::vector<BatchResult> unsettled() const;

  const Progress& progress() const noexcept;

 private:
  struct Impl;

  // Whether the program has more bets at hand: then full batches may wait for each other.
  enum class Following { kNone, kMore };

  Submitted submit_run(std::span<const BetView> bets, Following following);

  template <typename Bets>
  Submitted submit_one_by_one(Bets&& bets) {
    Submitted submitted;
    for (auto&& bet : bets) {
      submitted.failure = submit(bet);
      if (submitted.failure) {
        break;
      }
      ++submitted.taken;
    }
    return submitted;
  }

  template <typename Bets>
  Submitted submit_in_runs(Bets&& bets) {
    std::array<BetView, 128> run;
    Submitted submitted;
    auto next = std::ranges::begin(bets);
    const auto end = std::ranges::end(bets);
    do {
      std::size_t size = 0;
      for (; size < run.size() && next != end; ++next) {
        run[size++] = view_of(*next);
      }
      Submitted of_run =
          submit_run({run.data(), size}, next == end ? Following::kNone : Following::kMore);
      submitted.taken += of_run.taken;
      submitted.failure = std::move(of_run.failure);
    } while (!submitted.failure && next != end);
    return submitted;
  }

  static BetView view_of(const BetView& bet) noexcept { return bet; }
  static BetView view_of(const Bet& bet) noexcept { return bet.view(); }

  std::unique_ptr<Impl> impl_;
};

}  // namespace sorteo::client
