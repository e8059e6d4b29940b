#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "client_sdk/batch_window.hpp"
#include "client_sdk/deadline.hpp"
#include "client_sdk/message_reader.hpp"
#include "client_sdk/retry_policy.hpp"
#include "client_sdk/ring.hpp"
#include "client_sdk/server_turn.hpp"
#include "core/version2.hpp"

namespace sorteo::client {

/// How a SessionEngine works.
struct EngineOptions {
  std::uint32_t agency = 0;
  SessionId session;  ///< not looked at when there is a log, which has its own
  std::size_t servers = 1;
  std::size_t window = 16;  ///< batches without an outcome, at most
  /// Whether a server that does not welcome it may be taken for one of version 1. Not with a log.
  bool may_be_version1 = false;
  std::chrono::milliseconds hello_timeout{3'000};  ///< while it may be
  std::chrono::milliseconds answer_timeout{30'000};
  std::chrono::milliseconds first_retry{100};
  std::chrono::milliseconds longest_retry{5'000};
  std::uint64_t seed = 0;  ///< of the pauses
};

/// Why the engine needs a new word of its user to go on, or cannot go on at all.
struct EngineFailure {
  FailureKind kind = FailureKind::kDisconnected;
  Stage stage = Stage::kAnswer;
  std::string cause;
  std::size_t server = 0;  ///< which one it concerns

  friend bool operator==(const EngineFailure&, const EngineFailure&) = default;
};

/// What is asked beside batches.
struct Question {
  enum class What { kFinish, kWinners };
  What what = What::kFinish;
  std::uint64_t bets = 0;   ///< of kFinish: that must be stored
  Clock::time_point until;  ///< of kWinners: how long the server may hold the question
};

/// What a server has answered to a Question.
struct QuestionAnswer {
  enum class What {
    kFinished,
    kWinners,
    kNotHeld,  ///< the draw has not been held
    kRefused,
  };
  What what = What::kFinished;
  std::vector<std::uint32_t> winners;  ///< the documents, of kWinners
  std::string reason;                  ///< of kRefused

  friend bool operator==(const QuestionAnswer&, const QuestionAnswer&) = default;
};

/// One session of version 2 of the protocol (docs/protocol.md, "Version 2"), from the client's
/// side: it sees to it that each batch given to it gets its outcome, over as many connections as it
/// takes. It touches no socket, no clock and no source of chance: its user carries the bytes, says
/// what happened, and asks what to do next. What it does follows from what it is told and from the
/// seed alone. Not thread-safe.
///
/// Its user, in a loop:
/// - connects to server() when connect_at() has come, and says on_connected() or
///   on_connect_failed();
/// - writes what take_output() gives, whenever the last of it has been written;
/// - says on_received() and on_closed(), and on_time() when next_time() has come;
/// - closes the connection when is_linked() has become false;
/// - takes the outcomes, the answer and the failure.
class SessionEngine final {
 public:
  using Time = Clock::time_point;

  /// `log` may be null, and must outlive the engine.
  SessionEngine(const EngineOptions& options, BatchLog* log);
  SessionEngine(const SessionEngine&) = delete;
  SessionEngine& operator=(const SessionEngine&) = delete;

  // The program's side.

  bool has_room() const noexcept { return window_.has_room(); }
  /// Whether every batch has had its outcome.
  bool idle() const noexcept { return window_.empty(); }
  const BatchWindow& window() const noexcept { return window_; }
  const SessionId& session() const noexcept { return session_; }

  /// Gives a batch, for which there must be room. A message for a person when the log does not take
  /// it; then `batch` is as it was.
  [[nodiscard]] std::optional<std::string> push(OutgoingBatch& batch);

  /// Asks a question, when idle. One at a time; it goes on until take_answer() gives the answer, or
  /// cancel_question().
  void ask(const Question& question);
  std::optional<QuestionAnswer> take_answer();
  /// Does not want to know any more. The connection ends if the question is on it.
  void cancel_question(Time now);

  /// The next outcome of a batch.
  std::optional<Settled> take_settled() { return window_.take_settled(); }
  /// Why the log could not note an outcome, once. Such a note is not needed to store each bet once.
  std::optional<std::string> take_log_fault() { return window_.take_log_fault(); }

  /// What keeps it from going on. Until go_on() it tries nothing more.
  const std::optional<EngineFailure>& failure() const noexcept { return failure_; }
  /// Goes on after a failure, unless is_broken(): with at least one more attempt, though the budget
  /// of retries may be used up. Time in which nothing was carried is no silence of the server's.
  void go_on(Time now);
  /// What the server says of the session contradicts what it has said before: a bet could be lost
  /// or doubled unseen. Nothing is sent any more, and failure() stays.
  bool is_broken() const noexcept { return is_broken_; }

  /// Whether any server has ever welcomed it.
  bool was_welcomed() const noexcept { return was_welcomed_; }
  /// What the last Welcome said; for its limits and for a person.
  const v2::Welcome& welcome() const noexcept { return welcome_; }
  /// The server that was found to speak version 1. Nothing was sent of any batch, and nothing more
  /// happens here: take_unsent() gives the batches back.
  std::optional<std::size_t> version1_server() const noexcept { return version1_server_; }
  std::deque<OutgoingBatch> take_unsent() { return window_.take_unsent(); }

  // The network's side.

  /// When to connect to server(); nothing when that is not wanted.
  std::optional<Time> connect_at() const noexcept;
  std::size_t server() const noexcept { return turn_.current(); }
  void on_connected(Time now);
  void on_connect_failed(FailureKind kind, Stage stage, const std::string& cause, Time now);
  void on_received(ByteView bytes, Time now);
  /// The connection is at its end, and everything that came on it has been received.
  void on_closed(Stage stage, const std::string& cause, Time now);
  void on_time(Time now);
  /// Puts bytes to write behind what `to` holds; none when there are none for now.
  void take_output(std::string& to, Time now);
  /// The same, alone.
  std::string take_output(Time now);
  /// Requests on the connection whose answers are due.
  std::size_t in_flight() const noexcept { return requests_.size(); }
  /// Whether it wants the connection that it was told of.
  bool is_linked() const noexcept { return link_ != Link::kDown; }
  /// When on_time() is due.
  Time next_time() const noexcept;

 private:
  enum class Link {
    kDown,
    kGreeting,  // a Hello is sent, or will be
    kOpen,
    kDraining,  // nothing more is sent; the answers due are still taken in
  };

  struct Request {
    enum class What { kHello, kBatch, kFinish, kWinners };
    What what = What::kHello;
    std::uint64_t sequence = 0;
    std::chrono::milliseconds wait{0};  // how long the server may take on purpose
  };

  // What came of the connection (session_engine.cpp).
  void end_link(Time now);
  void leave_when_drained(Time now);
  void attempt_failed(FailureKind kind, Stage stage, const std::string& cause, Time now);
  void sign_of_version1(const std::string& cause, Time now);
  bool may_fall_back() const noexcept;
  void fail(FailureKind kind, Stage stage, std::string cause);
  void break_off(const std::string& cause, Time now);
  void begin(std::string& to, const Request& request, std::size_t payload_bytes, Time now);
  void send(std::string& to, const Request& request, const std::string& payload, Time now);
  bool append_next(std::string& to, Time now);
  bool append_batch(std::string& to, Time now);
  void append_question(std::string& to, Time now);
  Time answer_due() const noexcept;
  bool is_over_limits(const OutboxBatch& batch) const noexcept;
  bool has_business() const noexcept;
  static constexpr const char* kTooLong = "it is longer than the server takes";

  // What the server says (session_engine_answers.cpp).
  void take_in(const ServerMessage& message, Time now);
  void answer_to_hello(const ServerMessage& message, Time now);
  void welcomed(v2::Welcome welcome, Time now);
  void refused_at_hello(const v2::Error& error, Time now);
  bool contradicts(const v2::Welcome& welcome, Time now);
  void take_receipt(const ServerMessage& message, Time now);
  void settle_durable();
  void settle(const v2::ReceiptMessage& receipt, Time now);
  void take_error(const ServerMessage& message, Time now);
  void batch_failed(std::uint64_t sequence, const v2::Error& error, Time now);
  void first_batch_failed(const v2::Error& error, Time now);
  void gap(std::uint64_t sequence, const v2::Error& error, Time now);
  void question_failed(const Request& request, const v2::Error& error, Time now);
  void take_go_away(const ServerMessage& message, Time now);
  void answered(QuestionAnswer answer);
  void refuse_for_good(const v2::Error& error);
  void stall(const v2::Error& error, Time now);
  void bad_answer(const std::string& cause, Time now);

  const EngineOptions options_;
  BatchLog* const log_;
  const SessionId session_;
  BatchWindow window_;
  RetryPolicy retry_;
  ServerTurn turn_;

  Link link_ = Link::kDown;
  Time next_attempt_{};
  std::vector<int> signs_;   // of version 1, by server
  bool got_bytes_ = false;   // on this connection
  bool got_answer_ = false;  // on this connection, beside the Welcome
  MessageReader reader_;
  Ring<Request> requests_;          // in the order in which their answers will come
  Time awaited_since_{};            // the answer to the first of them
  bool hello_due_ = false;          // to be written
  std::optional<Time> go_back_at_;  // when to send from the first batch on, all answers being in

  v2::Welcome welcome_;
  bool was_welcomed_ = false;
  bool was_answered_ = false;  // by any server, in version 2
  std::optional<std::size_t> version1_server_;
  std::optional<std::string> refusal_;  // of every batch to come

  std::optional<Question> question_;
  bool is_asked_ = false;  // the question is on the connection
  std::optional<QuestionAnswer> answer_;

  std::optional<EngineFailure> failure_;
  std::size_t failed_attempts_ = 0;  // since go_on()
  bool is_broken_ = false;
};

}  // namespace sorteo::client
