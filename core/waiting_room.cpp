#include "core/waiting_room.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "core/version2.hpp"
#include "core/version2_reply.hpp"

namespace sorteo {
namespace {

constexpr std::string_view kAction = "consulta_ganadores";

std::string_view sentence_of(v2::ErrorCode code) noexcept {
  switch (code) {
    case v2::ErrorCode::kBusy:
      return "too many wait for the draw, try later";
    case v2::ErrorCode::kClosing:
      return "the server is stopping";
    default:
      return "the draw has not been held";
  }
}

// Does not throw: without memory for the answer, the responder answers INTERNAL by itself.
void refuse_one(std::uint32_t agency, Responder responder, v2::ErrorCode code, Log& log) noexcept {
  const bool is_busy = code == v2::ErrorCode::kBusy;
  write_line(log, is_busy ? LogLevel::kWarning : LogLevel::kInfo, [&] {
    LogLine line(kAction, is_busy ? "fail" : "in_progress");
    line.with("agencia", agency);
    return is_busy ? line.with("error", sentence_of(code)) : line;
  });
  try {
    responder.send(v2::error_reply(code, responder.type(), sentence_of(code)));
  } catch (const std::exception&) {
  }
}

}  // namespace

void WaitingRoom::wait(std::uint32_t agency, Clock::time_point deadline, Responder responder) {
  Question question{agency, std::move(responder)};
  v2::ErrorCode refusal{};
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kWaiting && questions_.size() < options_.max_waiting) {
      questions_.emplace(deadline, std::move(question));
      return;
    }
    refusal = state_ == State::kWaiting ? v2::ErrorCode::kBusy : v2::ErrorCode::kClosing;
  }
  if (draw_.winners_of(agency)) {
    answer(question);
  } else {
    refuse_one(agency, std::move(question.responder), refusal, log_);
  }
}

void WaitingRoom::release() noexcept {
  Questions questions = take_all(State::kHeld);
  while (!questions.empty()) {
    answer(questions.begin()->second);
    questions.erase(questions.begin());  // as it goes: the answers need memory too
  }
}

void WaitingRoom::close() noexcept {
  Questions questions = take_all(State::kClosed);
  refuse(questions, v2::ErrorCode::kClosing);
}

void WaitingRoom::sweep(Clock::time_point now) noexcept {
  for (Questions due = take_due(now); !due.empty(); due = take_due(now)) {
    refuse(due, v2::ErrorCode::kNotHeld);
  }
  Questions abandoned = take_abandoned();
  refuse(abandoned, v2::ErrorCode::kNotHeld);
}

std::size_t WaitingRoom::size() const noexcept {
  const std::lock_guard lock(mutex_);
  return questions_.size();
}

WaitingRoom::Questions WaitingRoom::take_all(State state) noexcept {
  const std::lock_guard lock(mutex_);
  state_ = state_ == State::kHeld ? state_ : state;
  Questions taken;
  taken.swap(questions_);
  look_at_ = questions_.end();
  return taken;
}

WaitingRoom::Questions WaitingRoom::take_due(Clock::time_point now) noexcept {
  Questions due;
  const std::lock_guard lock(mutex_);
  while (due.size() < options_.at_once && !questions_.empty() && questions_.begin()->first <= now) {
    take(questions_.begin(), due);
  }
  return due;
}

WaitingRoom::Questions WaitingRoom::take_abandoned() noexcept {
  Questions abandoned;
  const std::lock_guard lock(mutex_);
  for (std::size_t left = std::min(options_.at_once, questions_.size()); left > 0; --left) {
    if (look_at_ == questions_.end()) {
      look_at_ = questions_.begin();
    }
    const auto at = look_at_++;
    if (at->second.responder.is_abandoned()) {
      take(at, abandoned);
    }
  }
  return abandoned;
}

// Moves the question over, without needing memory.
void WaitingRoom::take(Questions::iterator at, Questions& to) noexcept {
  if (look_at_ == at) {
    ++look_at_;
  }
  to.insert(questions_.extract(at));
}

void WaitingRoom::answer(Question& question) const noexcept {
  const auto winners = draw_.winners_of(question.agency);
  write_line(log_, LogLevel::kInfo, [&] {
    return LogLine(kAction, "success").with("cant_ganadores", winners ? winners->size() : 0);
  });
  try {
    question.responder.send(v2::message_reply(
        MessageType::kWinners, v2::encode_winners(draw_.winning_number(), winners.value())));
  } catch (const std::exception&) {  // no memory: it answers INTERNAL by itself
  }
}

void WaitingRoom::refuse(Questions& questions, v2::ErrorCode code) const noexcept {
  while (!questions.empty()) {
    Question& question = questions.begin()->second;
    refuse_one(question.agency, std::move(question.responder), code, log_);
    questions.erase(questions.begin());
  }
}

}  // namespace sorteo
