#include "tests/simulation/answer_watch.hpp"

#include <utility>

#include "core/bytes.hpp"
#include "core/reply.hpp"
#include "core/version2.hpp"

namespace sorteo::simulation {
namespace {

constexpr std::size_t kPacketHeaderBytes = 4;
constexpr std::size_t kMessageHeaderBytes = 5;
constexpr std::size_t kAgencyBytes = 4;

constexpr bool is(std::uint8_t type, MessageType what) noexcept {
  return type == static_cast<std::uint8_t>(what);
}

BatchName name_of(const v2::OnceBatch& batch) {
  return {batch.agency, batch.session, batch.sequence};
}

// Nobody sends what would deserve it, and nothing runs out of memory here.
constexpr bool is_of_nothing(v2::ErrorCode code) noexcept {
  return code == v2::ErrorCode::kMalformed || code == v2::ErrorCode::kInternal ||
         code == v2::ErrorCode::kVersion;
}

// Only the request to store a batch can be refused so.
constexpr bool is_of_batches(v2::ErrorCode code) noexcept {
  return code == v2::ErrorCode::kConflict || code == v2::ErrorCode::kSequenceGap ||
         code == v2::ErrorCode::kAgencyFinished || code == v2::ErrorCode::kDrawHeld ||
         code == v2::ErrorCode::kTooLarge;
}

// Only a request that changes the store can be refused so.
constexpr bool is_of_bets(v2::ErrorCode code) noexcept {
  return is_of_batches(code) || code == v2::ErrorCode::kCountMismatch ||
         code == v2::ErrorCode::kStorageFull || code == v2::ErrorCode::kStorageFailed;
}

}  // namespace

void AnswerWatch::asked(const Message& request) {
  requests_.push_back({request.type, std::string(as_text(request.payload))});
  const auto batch = is(request.type, MessageType::kOnceBatch)
                         ? v2::decode_once_batch(requests_.back().bytes())
                         : std::nullopt;
  if (batch) {
    model_.asked(name_of(*batch), as_text(batch->packets));
  }
  transcript_.note([&] {
    return who_ + " asks " + std::to_string(request.type) +
           (batch ? " batch " + std::to_string(batch->sequence) : "");
  });
}

void AnswerWatch::answered(std::string_view frames) {
  while (!frames.empty()) {
    const auto* const bytes = reinterpret_cast<const std::byte*>(frames.data());
    const bool is_packet = frames[0] == 0;
    const std::size_t header = is_packet ? kPacketHeaderBytes : kMessageHeaderBytes;
    const std::size_t size = load_u32(bytes + header - sizeof(std::uint32_t));
    const Frame answer{static_cast<std::uint8_t>(frames[0]), frames.substr(header, size)};
    frames.remove_prefix(header + size);
    if (is(answer.type, MessageType::kGoAway)) {
      transcript_.count(Tally::kGoodbye);
      transcript_.note([&] { return who_ + " is told GoAway"; });
      continue;
    }
    if (requests_.empty()) {
      return model_.contradict("an answer without a request");
    }
    judge(requests_.front(), answer);
    requests_.pop_front();
  }
}

void AnswerWatch::judge(const Request& request, const Frame& answer) {
  transcript_.note([&] {
    return who_ + " is answered " + std::to_string(answer.type) + " to " +
           std::to_string(request.type);
  });
  if (!is_version2(request.type)) {
    judge_version1(request, answer);
  } else if (is(answer.type, MessageType::kError)) {
    judge_error(request, answer);
  } else if (is(request.type, MessageType::kHello)) {
    judge_hello(request, answer);
  } else if (is(request.type, MessageType::kOnceBatch)) {
    judge_once_batch(request, answer);
  } else if (is(request.type, MessageType::kFinish)) {
    judge_finish(request, answer);
  } else if (is(request.type, MessageType::kAwaitWinners)) {
    judge_await(request, answer);
  } else if (!is(request.type, MessageType::kPing) || !is(answer.type, MessageType::kPong) ||
             answer.payload != request.payload) {
    wrong(request, answer);
  }
}

void AnswerWatch::judge_version1(const Request& request, const Frame& answer) {
  if (is(request.type, MessageType::kConsulta)) {
    if (is(answer.type, MessageType::kRespuestaWinner)) {
      model_.told_winners(load_u32(request.bytes().data()),
                          parse_winners(answer.bytes()).value_or(std::vector<std::uint32_t>()));
    } else if (!is(answer.type, MessageType::kRespuestaWait) && answer.type != 0) {
      wrong(request, answer);
    }
    return;
  }
  const auto said = answer.type == 0 ? parse_batch_answer(answer.bytes()) : std::nullopt;
  if (!said) {
    return wrong(request, answer);
  }
  if (said->stored) {
    transcript_.count(Tally::kPlainStored);
    model_.stored_plain(std::string_view(request.payload).substr(kAgencyBytes));
  }
}

void AnswerWatch::judge_hello(const Request& request, const Frame& answer) {
  const auto hello = v2::decode_hello(request.bytes());
  const auto welcome = v2::decode_welcome(answer.bytes());
  if (!is(answer.type, MessageType::kWelcome) || !hello || !welcome) {
    return wrong(request, answer);
  }
  model_.welcomed(hello->agency, hello->session, welcome->durable);
}

void AnswerWatch::judge_once_batch(const Request& request, const Frame& answer) {
  const auto batch = v2::decode_once_batch(request.bytes());
  const auto said = v2::decode_receipt(answer.bytes());
  if (!is(answer.type, MessageType::kReceipt) || !batch || !said ||
      said->sequence != batch->sequence) {
    return wrong(request, answer);
  }
  transcript_.count(said->receipt.is_duplicate                        ? Tally::kDuplicate
                    : said->receipt.outcome == BatchOutcome::kRefused ? Tally::kRefused
                                                                      : Tally::kReceipt);
  model_.received(name_of(*batch), as_text(batch->packets), said->receipt);
}

void AnswerWatch::judge_finish(const Request& request, const Frame& answer) {
  const auto finish = v2::decode_finish(request.bytes());
  const auto bets = v2::decode_finished(answer.bytes());
  if (!is(answer.type, MessageType::kFinished) || !finish || bets != finish->bets) {
    return wrong(request, answer);
  }
  transcript_.count(Tally::kFinished);
  model_.finished(finish->agency, *bets);
}

void AnswerWatch::judge_await(const Request& request, const Frame& answer) {
  const auto question = v2::decode_await_winners(request.bytes());
  const auto winners = v2::decode_winners(answer.bytes());
  if (!is(answer.type, MessageType::kWinners) || !question || !winners) {
    return wrong(request, answer);
  }
  transcript_.count(Tally::kWinners);
  model_.told_winners(question->agency, winners->documents);
}

void AnswerWatch::judge_error(const Request& request, const Frame& answer) {
  const auto error = v2::decode_error(answer.bytes());
  if (!error || error->request != request.type ||
      error->is_repeatable != v2::may_be_repeated(error->code)) {
    return wrong(request, answer);
  }
  transcript_.count(error->code == v2::ErrorCode::kConflict ? Tally::kConflict
                                                            : Tally::kOtherError);
  transcript_.note([&] { return who_ + " is told " + v2::name_of(error->code); });
  bool is_right = !is_of_nothing(error->code);
  if (is(request.type, MessageType::kOnceBatch)) {
    is_right = is_right && judge_refused_batch(request, *error);
  } else if (is(request.type, MessageType::kFinish)) {
    is_right = is_right && judge_refused_finish(request, *error);
  } else {
    is_right = is_right && !is_of_bets(error->code);
  }
  if (!is_right ||
      (error->code == v2::ErrorCode::kNotHeld && !is(request.type, MessageType::kAwaitWinners))) {
    wrong(request, answer);
  }
}

bool AnswerWatch::judge_refused_batch(const Request& request, const v2::Error& error) {
  const auto batch = v2::decode_once_batch(request.bytes());
  if (!batch) {
    return false;
  }
  if (error.code == v2::ErrorCode::kConflict) {
    model_.conflicted(name_of(*batch), as_text(batch->packets));
  }
  const bool is_gap = error.code == v2::ErrorCode::kSequenceGap;
  return error.code != v2::ErrorCode::kCountMismatch &&
         (!is_gap || (error.expected && *error.expected != batch->sequence));
}

bool AnswerWatch::judge_refused_finish(const Request& request, const v2::Error& error) {
  const auto finish = v2::decode_finish(request.bytes());
  if (error.code == v2::ErrorCode::kCountMismatch) {
    return finish && error.claimed == finish->bets && error.stored != error.claimed;
  }
  return !is_of_batches(error.code);
}

void AnswerWatch::wrong(const Request& request, const Frame& answer) {
  model_.contradict("an answer of type " + std::to_string(answer.type) + " to a request of type " +
                    std::to_string(request.type) + " that does not belong to it");
}

}  // namespace sorteo::simulation
