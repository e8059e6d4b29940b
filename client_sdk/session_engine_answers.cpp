#include <algorithm>
#include <string_view>
#include <utility>

#include "client_sdk/session_engine.hpp"
#include "core/message.hpp"

// What a SessionEngine makes of the server's messages.
namespace sorteo::client {
namespace {

using std::chrono::milliseconds;

constexpr std::uint8_t wire(MessageType type) noexcept { return static_cast<std::uint8_t>(type); }

// What a server asks for, within reason: nobody is sent away for days by a number.
milliseconds pause_asked(std::uint32_t after_ms) noexcept {
  constexpr milliseconds kLongest = std::chrono::minutes(1);
  return std::min(milliseconds(after_ms), kLongest);
}

std::string count_mismatch(const v2::Error& error, const Question& question) {
  return describe(error) + "; the server has " +
         (error.stored ? std::to_string(*error.stored) : std::string("another number of")) +
         " bets of the agency, and " + std::to_string(question.bets) + " were to be stored";
}

}  // namespace

void SessionEngine::take_in(const ServerMessage& message, Time now) {
  if (link_ == Link::kGreeting) {
    answer_to_hello(message, now);
    return;
  }
  if (message.type == wire(MessageType::kGoAway)) {
    take_go_away(message, now);
    return;
  }
  if (requests_.empty()) {
    bad_answer("an answer to no request", now);
    return;
  }
  if (message.type == wire(MessageType::kError)) {
    take_error(message, now);
  } else if (message.type == wire(MessageType::kReceipt)) {
    take_receipt(message, now);
  } else if (message.type == wire(MessageType::kFinished) &&
             requests_.front().what == Request::What::kFinish &&
             v2::decode_finished(message.payload)) {
    requests_.pop();
    answered({QuestionAnswer::What::kFinished, {}, {}});
  } else if (message.type == wire(MessageType::kWinners) &&
             requests_.front().what == Request::What::kWinners) {
    auto winners = v2::decode_winners(message.payload);
    if (!winners) {
      bad_answer("winners that cannot be read", now);
      return;
    }
    requests_.pop();
    answered({QuestionAnswer::What::kWinners, std::move(winners->documents), {}});
  } else {
    bad_answer("an answer of the wrong type", now);
    return;
  }
  awaited_since_ = now;
}

void SessionEngine::answer_to_hello(const ServerMessage& message, Time now) {
  if (requests_.empty()) {
    bad_answer("an answer before the Hello", now);
    return;
  }
  if (message.type == wire(MessageType::kWelcome)) {
    auto welcome = v2::decode_welcome(message.payload);
    if (!welcome || welcome->version != v2::kVersion) {
      bad_answer("a Welcome that is not of version 2", now);
      return;
    }
    requests_.clear();
    welcomed(std::move(*welcome), now);
    return;
  }
  const auto error =
      message.type == wire(MessageType::kError) ? v2::decode_error(message.payload) : std::nullopt;
  if (!error || error->request != wire(MessageType::kHello)) {
    bad_answer("neither a Welcome nor an error", now);
    return;
  }
  was_answered_ = true;
  refused_at_hello(*error, now);
}

void SessionEngine::refused_at_hello(const v2::Error& error, Time now) {
  const bool has_no_version2 =
      error.code == v2::ErrorCode::kVersion || error.code == v2::ErrorCode::kUnsupported;
  if (has_no_version2 && may_fall_back()) {
    end_link(now);
    version1_server_ = turn_.current();
    return;
  }
  const std::string cause = "the server refused the Hello: " + describe(error);
  if (!has_no_version2 && error.is_repeatable) {
    turn_.put_off(now + pause_asked(error.after_ms));
  }
  attempt_failed(FailureKind::kRefused, Stage::kAnswer, cause, now);
  if (!error.is_repeatable) {
    fail(FailureKind::kRefused, Stage::kAnswer, cause);
  }
  turn_.advance(now);
}

void SessionEngine::welcomed(v2::Welcome welcome, Time now) {
  was_welcomed_ = true;
  was_answered_ = true;
  if (contradicts(welcome, now)) {
    return;
  }
  welcome_ = std::move(welcome);
  settle_durable();
  window_.go_back();
  link_ = Link::kOpen;
}

// The server has outcomes up to `durable`: they are stored. What it does not take cannot be told
// from the batch without bets that was sent in its place by a run which did not see the answer; it
// is asked about.
// One of them may have been refused, and its receipt lost: then all are sent again, for the
// receipts that tell.
void SessionEngine::settle_durable() {
  if (welcome_.last_refused >= window_.first()) {
    return;
  }
  while (!window_.empty() && window_.first() <= welcome_.durable &&
         !is_over_limits(window_.front())) {
    window_.settle_through(window_.first());
  }
}

// Whether the server has less of the session than it has acknowledged, or more than was sent.
bool SessionEngine::contradicts(const v2::Welcome& welcome, Time now) {
  const std::uint64_t settled = window_.first() - 1;
  if (welcome.durable > window_.last_sent()) {
    break_off("the server has the batches of session " + to_hex(session_) + " up to " +
                  std::to_string(welcome.durable) + ", and " + std::to_string(window_.last_sent()) +
                  " were sent from here: the outbox is an old copy, or somebody else uses it",
              now);
    return true;
  }
  if (welcome.durable >= settled) {
    return false;
  }
  if (welcome.has_finished || welcome.is_draw_held) {
    // Batches that were refused because of it are no longer here, and have no place there.
    refusal_ = v2::name_of(welcome.has_finished ? v2::ErrorCode::kAgencyFinished
                                                : v2::ErrorCode::kDrawHeld);
    window_.refuse_all(*refusal_);
    return false;
  }
  break_off("the server has the batches of session " + to_hex(session_) + " up to " +
                std::to_string(welcome.durable) + " only, and had acknowledged them up to " +
                std::to_string(settled) + ": it has lost bets, or it is another server's store",
            now);
  return true;
}

void SessionEngine::take_receipt(const ServerMessage& message, Time now) {
  const auto receipt = v2::decode_receipt(message.payload);
  const Request request = requests_.front();
  if (!receipt || request.what != Request::What::kBatch || receipt->sequence != request.sequence) {
    bad_answer("a receipt that is not that of the batch " + std::to_string(request.sequence), now);
    return;
  }
  if (receipt->receipt.durable < receipt->sequence) {
    bad_answer("a receipt for a batch that is not durable", now);
    return;
  }
  requests_.pop();
  got_answer_ = true;
  retry_.on_success();
  if (receipt->sequence >= window_.first() && !window_.empty()) {
    settle(*receipt, now);
  }
}

void SessionEngine::settle(const v2::ReceiptMessage& receipt, Time now) {
  window_.settle_through(receipt.sequence - 1);
  if (receipt.receipt.outcome == BatchOutcome::kRefused) {
    window_.settle_first(Outcome::kRefused, 0, describe(receipt.code, receipt.sentence));
    return;
  }
  if (window_.is_first_withheld() && receipt.receipt.bets == 0) {
    window_.settle_first(Outcome::kRefused, 0, kTooLong);
    return;
  }
  if (receipt.receipt.bets != window_.bets_of_first()) {
    bad_answer("a receipt for " + std::to_string(receipt.receipt.bets) + " bets, and the batch " +
                   std::to_string(receipt.sequence) + " has " +
                   std::to_string(window_.bets_of_first()),
               now);
    return;
  }
  window_.settle_first(receipt.receipt.is_duplicate ? Outcome::kDuplicate : Outcome::kStored,
                       receipt.receipt.bets);
}

void SessionEngine::take_error(const ServerMessage& message, Time now) {
  const auto error = v2::decode_error(message.payload);
  const Request request = requests_.front();
  if (!error) {
    bad_answer("an error that cannot be read", now);
    return;
  }
  requests_.pop();
  got_answer_ = true;
  if (request.what == Request::What::kBatch) {
    batch_failed(request.sequence, *error, now);
  } else {
    question_failed(request, *error, now);
  }
}

void SessionEngine::batch_failed(std::uint64_t sequence, const v2::Error& error, Time now) {
  if (window_.empty() || sequence < window_.first()) {
    return;  // it has had its outcome
  }
  if (error.code == v2::ErrorCode::kStorageFailed || error.code == v2::ErrorCode::kInternal) {
    window_.note_uncertain();
  }
  if (error.code == v2::ErrorCode::kSequenceGap) {
    gap(sequence, error, now);
  } else if (sequence == window_.first() && !go_back_at_ && !error.is_repeatable) {
    first_batch_failed(error, now);
  } else {
    // What stands behind one that failed is sent again with it, and answered then.
    stall(error, now);
  }
}

// The batch is not stored, and sending it again would not help.
void SessionEngine::first_batch_failed(const v2::Error& error, Time now) {
  const std::uint64_t sequence = window_.first();
  switch (error.code) {
    case v2::ErrorCode::kAgencyFinished:
    case v2::ErrorCode::kDrawHeld:
      refuse_for_good(error);
      return;
    case v2::ErrorCode::kConflict:
      if (window_.is_first_withheld()) {
        window_.settle_first(Outcome::kStored, window_.bets_of_first());
        return;
      }
      window_.settle_first(Outcome::kRefused, 0,
                           describe(error) + "; the server has another batch as number " +
                               std::to_string(sequence) + " of session " + to_hex(session_));
      return;
    case v2::ErrorCode::kUnsupported:
      bad_answer("the server does not take batches: " + describe(error), now);
      return;
    default:
      break;
  }
  // Its number is not taken up, and those behind it wait for that.
  if (!window_.refuse_first_and_empty_it(describe(error))) {
    break_off("the server refuses a batch without bets: " + describe(error), now);
    return;
  }
  go_back_at_ = now;
}

void SessionEngine::refuse_for_good(const v2::Error& error) {
  refusal_ = describe(error);
  window_.refuse_all(*refusal_);
}

void SessionEngine::gap(std::uint64_t sequence, const v2::Error& error, Time now) {
  // Behind a batch that failed, the number expected may have been acknowledged since: the server
  // named what was not durable when this one came. The batch that follows what was acknowledged
  // cannot be behind one that failed.
  if (sequence == window_.first() && error.expected && *error.expected < sequence) {
    break_off("the server expects the batch " + std::to_string(*error.expected) + " of session " +
                  to_hex(session_) + ", which it had acknowledged up to " +
                  std::to_string(sequence - 1) + ": it has lost bets",
              now);
    return;
  }
  stall(error, now);
}

// Sends nothing more until every answer is in and the pause is over, then goes back to the first
// batch.
void SessionEngine::stall(const v2::Error& error, Time now) {
  const bool was_told_goodbye = link_ == Link::kDraining && error.code == v2::ErrorCode::kClosing;
  if (go_back_at_ || was_told_goodbye) {
    return;
  }
  const auto pause = std::max(retry_.on_failure(), pause_asked(error.after_ms));
  if (error.code == v2::ErrorCode::kClosing) {
    turn_.put_off(now + pause);
    link_ = Link::kDraining;
  }
  go_back_at_ = now + pause;
  if (retry_.exhausted()) {
    fail(FailureKind::kTimedOut, Stage::kAnswer, "the server answers " + describe(error));
  }
}

void SessionEngine::question_failed(const Request& request, const v2::Error& error, Time now) {
  is_asked_ = false;
  if (!question_) {
    return;
  }
  if (request.what == Request::What::kWinners && error.code == v2::ErrorCode::kNotHeld) {
    answered({QuestionAnswer::What::kNotHeld, {}, {}});
  } else if (error.is_repeatable) {
    stall(error, now);
  } else if (error.code == v2::ErrorCode::kCountMismatch) {
    answered({QuestionAnswer::What::kRefused, {}, count_mismatch(error, *question_)});
  } else {
    answered({QuestionAnswer::What::kRefused, {}, describe(error)});
  }
}

void SessionEngine::answered(QuestionAnswer answer) {
  got_answer_ = true;
  retry_.on_success();
  question_.reset();
  is_asked_ = false;
  answer_ = std::move(answer);
}

void SessionEngine::take_go_away(const ServerMessage& message, Time now) {
  const auto go_away = v2::decode_go_away(message.payload);
  if (!go_away || (welcome_.features & v2::kGoAwayFeature) == 0) {
    bad_answer("a goodbye that was not agreed on, or cannot be read", now);
    return;
  }
  turn_.put_off(now + pause_asked(go_away->after_ms));
  link_ = Link::kDraining;
}

void SessionEngine::bad_answer(const std::string& cause, Time now) {
  attempt_failed(FailureKind::kBadAnswer, Stage::kAnswer, cause, now);
  fail(FailureKind::kBadAnswer, Stage::kAnswer, cause);
  turn_.advance(now);
}

}  // namespace sorteo::client
