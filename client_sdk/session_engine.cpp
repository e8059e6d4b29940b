#include "client_sdk/session_engine.hpp"

#include <algorithm>
#include <utility>

#include "core/message.hpp"

namespace sorteo::client {
namespace {

using std::chrono::milliseconds;

// Small requests go out together up to this size: fewer writes.
constexpr std::size_t kWriteBytes = 64 * 1024;
// A server that died without a word is noticed within this time, and answer_timeout.
constexpr milliseconds kLongestWait = std::chrono::minutes(5);
// One such end may be chance.
constexpr int kSignsOfVersion1 = 2;

// So that no sum of times overflows.
EngineOptions sane(EngineOptions options) {
  constexpr milliseconds kLongest = std::chrono::hours(24) * 36525;
  options.answer_timeout = std::clamp(options.answer_timeout, milliseconds::zero(), kLongest);
  options.hello_timeout =
      std::clamp(options.hello_timeout, milliseconds::zero(), options.answer_timeout);
  options.servers = std::max<std::size_t>(options.servers, 1);
  options.window = std::max<std::size_t>(options.window, 1);
  return options;
}

std::string in_ms(milliseconds time) { return std::to_string(time.count()) + " ms"; }

MessageType type_of_question(Question::What what) noexcept {
  return what == Question::What::kFinish ? MessageType::kFinish : MessageType::kAwaitWinners;
}

}  // namespace

SessionEngine::SessionEngine(const EngineOptions& options, BatchLog* log)
    : options_(sane(options)),
      log_(log),
      session_(log != nullptr ? log->session() : options.session),
      window_(options.window, log),
      retry_(options.first_retry, options.longest_retry, options.seed),
      turn_(options_.servers),
      signs_(turn_.count()) {}

std::optional<std::string> SessionEngine::push(OutgoingBatch& batch) {
  if (auto fault = window_.push(batch)) {
    return fault;
  }
  if (refusal_) {
    window_.refuse_all(*refusal_);
  }
  return std::nullopt;
}

void SessionEngine::ask(const Question& question) {
  question_ = question;
  is_asked_ = false;
  answer_.reset();
}

std::optional<QuestionAnswer> SessionEngine::take_answer() {
  return std::exchange(answer_, std::nullopt);
}

void SessionEngine::cancel_question(Time now) {
  if (question_ && is_asked_ && link_ != Link::kDown) {
    end_link(now);
  }
  question_.reset();
  answer_.reset();
}

void SessionEngine::go_on(Time now) {
  if (is_broken_) {
    return;
  }
  failure_.reset();
  failed_attempts_ = 0;
  if (retry_.exhausted()) {
    next_attempt_ = now;  // the one attempt that is left
  }
  awaited_since_ = now;
}

std::optional<SessionEngine::Time> SessionEngine::connect_at() const noexcept {
  if (link_ != Link::kDown || failure_ || version1_server_ || !has_business()) {
    return std::nullopt;
  }
  return std::max(next_attempt_, turn_.not_before());
}

bool SessionEngine::has_business() const noexcept {
  return !window_.empty() || question_.has_value() || (log_ != nullptr && !was_welcomed_);
}

void SessionEngine::on_connected(Time now) {
  link_ = Link::kGreeting;
  hello_due_ = true;
  got_bytes_ = false;
  got_answer_ = false;
  reader_ = MessageReader();
  requests_.clear();
  go_back_at_.reset();
  awaited_since_ = now;
}

void SessionEngine::on_connect_failed(FailureKind kind, Stage stage, const std::string& cause,
                                      Time now) {
  attempt_failed(kind, stage, cause, now);
  // Nobody has ever answered there, so there is nothing that could be expected back.
  if (!failure_ && !was_answered_ && failed_attempts_ >= turn_.count()) {
    fail(kind, stage, cause);
  }
  turn_.advance(now);
}

void SessionEngine::on_received(ByteView bytes, Time now) {
  if (link_ == Link::kDown) {
    return;
  }
  got_bytes_ = got_bytes_ || !bytes.empty();
  reader_.feed(bytes);
  while (link_ != Link::kDown) {
    const auto message = reader_.next();
    if (message.has_error()) {
      const MessageFault& fault = message.error();
      if (link_ == Link::kGreeting && fault.is_version1 && may_fall_back()) {
        sign_of_version1(fault.message, now);
      } else {
        bad_answer(fault.message, now);
      }
      return;
    }
    if (!message->has_value()) {
      leave_when_drained(now);
      return;
    }
    take_in(**message, now);
  }
}

// The server has said goodbye, and has answered what it owed: to the next one. That is no failed
// attempt, unless nothing came of it: a server that only says goodbye must not be asked without
// end.
void SessionEngine::leave_when_drained(Time now) {
  if (link_ != Link::kDraining || !requests_.empty()) {
    return;
  }
  if (got_answer_) {
    end_link(now);
  } else {
    attempt_failed(FailureKind::kDisconnected, Stage::kAnswer,
                   "the server says goodbye before it has answered anything", now);
  }
  turn_.advance(now);
}

void SessionEngine::on_closed(Stage stage, const std::string& cause, Time now) {
  switch (link_) {
    case Link::kDown:
      return;
    case Link::kGreeting:
      if (!got_bytes_ && may_fall_back()) {
        sign_of_version1(cause, now);
        return;
      }
      attempt_failed(FailureKind::kDisconnected, stage,
                     was_welcomed_ ? cause
                                   : cause +
                                         " instead of a Welcome; a server of version 1 alone "
                                         "does that, and version 2 is needed here",
                     now);
      turn_.advance(now);
      return;
    case Link::kDraining:
      end_link(now);
      turn_.advance(now);
      return;
    case Link::kOpen:
      // One that served, and ended with nothing due, has only become tired of an idle client.
      if (requests_.empty() && got_answer_) {
        end_link(now);
        return;
      }
      attempt_failed(FailureKind::kDisconnected, stage, cause, now);
      turn_.advance(now);
  }
}

void SessionEngine::on_time(Time now) {
  const bool is_answer_due = link_ == Link::kGreeting || !requests_.empty();
  if (link_ == Link::kDown || !is_answer_due || now < next_time()) {
    return;
  }
  if (link_ == Link::kGreeting && may_fall_back()) {
    sign_of_version1("no Welcome within " + in_ms(options_.hello_timeout), now);
    return;
  }
  attempt_failed(FailureKind::kTimedOut, Stage::kAnswer,
                 "no answer within " + in_ms(options_.answer_timeout), now);
  turn_.advance(now);
}

SessionEngine::Time SessionEngine::next_time() const noexcept {
  Time next = Time::max();
  if (link_ == Link::kGreeting || (link_ != Link::kDown && !requests_.empty())) {
    next = answer_due();
  }
  if (link_ == Link::kOpen && requests_.empty() && go_back_at_) {
    next = std::min(next, *go_back_at_);
  }
  return next;
}

// The connection is over. What was on it is sent again on the next one.
void SessionEngine::end_link(Time now) {
  link_ = Link::kDown;
  requests_.clear();
  is_asked_ = false;
  next_attempt_ = std::max({next_attempt_, now, go_back_at_.value_or(now)});
  go_back_at_.reset();
  window_.note_uncertain();
  window_.go_back();
}

void SessionEngine::attempt_failed(FailureKind kind, Stage stage, const std::string& cause,
                                   Time now) {
  end_link(now);
  ++failed_attempts_;
  next_attempt_ = now + retry_.on_failure();
  if (retry_.exhausted()) {
    fail(kind, stage, cause);
  }
}

bool SessionEngine::may_fall_back() const noexcept {
  return options_.may_be_version1 && !was_welcomed_ && log_ == nullptr;
}

void SessionEngine::sign_of_version1(const std::string& cause, Time now) {
  end_link(now);
  if (++signs_[turn_.current()] >= kSignsOfVersion1) {
    version1_server_ = turn_.current();
    return;
  }
  attempt_failed(FailureKind::kDisconnected, Stage::kAnswer, cause, now);
}

void SessionEngine::fail(FailureKind kind, Stage stage, std::string cause) {
  failure_ = EngineFailure{kind, stage, std::move(cause), turn_.current()};
}

void SessionEngine::break_off(const std::string& cause, Time now) {
  end_link(now);
  is_broken_ = true;
  fail(FailureKind::kRefused, Stage::kAnswer, cause);
}

std::string SessionEngine::take_output(Time now) {
  std::string output;
  take_output(output, now);
  return output;
}

void SessionEngine::take_output(std::string& output, Time now) {
  if (link_ == Link::kGreeting && hello_due_) {
    hello_due_ = false;
    v2::Hello hello;
    hello.agency = options_.agency;
    hello.session = session_;
    hello.features = v2::kGoAwayFeature;
    send(output, {Request::What::kHello}, v2::encode(hello), now);
  }
  while (output.size() < kWriteBytes && append_next(output, now)) {
  }
}

// Appends the next request. False when there is none for now.
bool SessionEngine::append_next(std::string& to, Time now) {
  if (link_ != Link::kOpen || failure_) {
    return false;
  }
  if (go_back_at_) {
    if (!requests_.empty() || now < *go_back_at_) {
      return false;
    }
    go_back_at_.reset();
    window_.go_back();
  }
  const std::size_t limit = welcome_.window == 0 ? options_.window : welcome_.window;
  if (requests_.size() >= std::min(limit, options_.window)) {
    return false;
  }
  if (append_batch(to, now)) {
    return true;
  }
  if (link_ == Link::kOpen && question_ && !is_asked_ && window_.empty()) {
    append_question(to, now);
    return true;
  }
  return false;
}

bool SessionEngine::append_batch(std::string& to, Time now) {
  const OutboxBatch* batch = window_.next_to_send();
  if (batch == nullptr) {
    return false;
  }
  if (is_over_limits(*batch)) {
    // Those before it must have their outcomes first.
    if (batch->sequence != window_.first()) {
      return false;
    }
  }
  // One that may have arrived when the server took it could be stored, and so could the batch
  // without bets that an earlier run had sent in its place.
  if (is_over_limits(*batch) && window_.is_first_uncertain()) {
    window_.withhold_first();
  } else if (is_over_limits(*batch)) {
    window_.refuse_first_and_empty_it(kTooLong);
    batch = window_.next_to_send();
  }
  const bool is_withheld = batch->sequence == window_.first() && window_.is_first_withheld();
  const std::string_view packets = is_withheld ? std::string_view() : batch->packets;
  begin(to, {Request::What::kBatch, batch->sequence}, v2::kOnceBatchHeaderBytes + packets.size(),
        now);
  v2::append_once_batch_header(to, options_.agency, session_, batch->sequence);
  to += packets;
  window_.note_sent();
  return true;
}

bool SessionEngine::is_over_limits(const OutboxBatch& batch) const noexcept {
  const std::size_t bytes = batch.packets.size();
  return (welcome_.max_batch_bytes != 0 && bytes > welcome_.max_batch_bytes) ||
         (welcome_.max_frame_bytes != 0 &&
          bytes + v2::kOnceBatchHeaderBytes > welcome_.max_frame_bytes && bytes != 0);
}

void SessionEngine::append_question(std::string& to, Time now) {
  is_asked_ = true;
  if (question_->what == Question::What::kFinish) {
    send(to, {Request::What::kFinish}, v2::encode(v2::Finish{options_.agency, question_->bets}),
         now);
    return;
  }
  const auto left = std::chrono::floor<milliseconds>(std::max(question_->until, now) - now);
  const auto wait = std::min(left, kLongestWait);
  const v2::AwaitWinners await{options_.agency, static_cast<std::uint32_t>(wait.count())};
  send(to, {Request::What::kWinners, 0, wait}, v2::encode(await), now);
}

void SessionEngine::send(std::string& to, const Request& request, const std::string& payload,
                         Time now) {
  begin(to, request, payload.size(), now);
  to += payload;
}

// What stands before the payload of a request.
void SessionEngine::begin(std::string& to, const Request& request, std::size_t payload_bytes,
                          Time now) {
  MessageType type = MessageType::kHello;
  if (request.what == Request::What::kBatch) {
    type = MessageType::kOnceBatch;
  } else if (request.what != Request::What::kHello) {
    type = type_of_question(question_->what);
  }
  append_u8(to, static_cast<std::uint8_t>(type));
  append_u32(to, static_cast<std::uint32_t>(payload_bytes));
  if (requests_.empty()) {
    awaited_since_ = now;
  }
  requests_.grow() = request;
}

// When a server that has not answered the first request by then is given up.
SessionEngine::Time SessionEngine::answer_due() const noexcept {
  if (link_ == Link::kGreeting && may_fall_back()) {
    return awaited_since_ + options_.hello_timeout;
  }
  const auto wait = requests_.empty() ? milliseconds::zero() : requests_.front().wait;
  return awaited_since_ + options_.answer_timeout + wait;
}

}  // namespace sorteo::client
