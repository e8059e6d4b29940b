#include "tests/support/fake_version2.hpp"

#include <utility>

#include "core/batch.hpp"
#include "core/message.hpp"

namespace sorteo::test {
namespace {

std::uint8_t wire(MessageType type) { return static_cast<std::uint8_t>(type); }

std::string receipt(std::uint64_t sequence, bool is_duplicate, std::size_t bets,
                    std::uint64_t durable) {
  v2::ReceiptMessage message;
  message.sequence = sequence;
  message.receipt = {BatchOutcome::kStored, is_duplicate, static_cast<std::uint32_t>(bets),
                     durable};
  return message_bytes(MessageType::kReceipt, v2::encode(message));
}

// The documents of the bets in `packets`.
std::vector<std::string> documents_in(std::string_view packets) {
  std::string payload;
  append_u32(payload, 0);
  payload += packets;
  std::vector<std::string> documents;
  const auto batch = decode_batch(as_bytes(payload));
  if (batch.has_value()) {
    for (const BetView& bet : *batch) {
      documents.emplace_back(bet.document);
    }
  }
  return documents;
}

}  // namespace

std::string message_bytes(MessageType type, std::string_view payload) {
  std::string bytes;
  append_u8(bytes, wire(type));
  append_u32(bytes, static_cast<std::uint32_t>(payload.size()));
  bytes += payload;
  return bytes;
}

std::string v2_error(v2::ErrorCode code, std::uint8_t request) {
  return message_bytes(MessageType::kError, v2::encode(v2::make_error(code, request, "as told")));
}

std::string go_away() {
  return message_bytes(MessageType::kGoAway, v2::encode(v2::GoAway{0, "stopping"}));
}

std::string FakeVersion2::answer(const FakeRequest& request) {
  const std::lock_guard lock(mutex_);
  last_answered_ = nullptr;
  switch (static_cast<MessageType>(request.type)) {
    case MessageType::kHello:
      return welcome(request);
    case MessageType::kOnceBatch:
      return store(request);
    case MessageType::kFinish:
      return finish(request);
    case MessageType::kAwaitWinners:
      return winners(request);
    default:
      return usual_answer(request);
  }
}

std::string FakeVersion2::welcome(const FakeRequest& request) {
  const auto hello = v2::decode_hello(as_bytes(request.payload));
  if (!hello) {
    return v2_error(v2::ErrorCode::kMalformed, request.type);
  }
  v2::Welcome welcome;
  welcome.durable = sessions_[hello->session].answered;
  welcome.features = hello->features;
  welcome.has_finished = !finishes_.empty();
  return message_bytes(MessageType::kWelcome, v2::encode(welcome));
}

std::string FakeVersion2::store(const FakeRequest& request) {
  const auto batch = v2::decode_once_batch(as_bytes(request.payload));
  if (!batch) {
    return v2_error(v2::ErrorCode::kMalformed, request.type);
  }
  Sender& sender = sessions_[batch->session];
  auto& session = sender.batches;
  const std::string packets(as_text(batch->packets));
  const auto documents = documents_in(packets);
  if (batch->sequence <= session.size()) {
    if (session[batch->sequence - 1] != packets) {
      return v2_error(v2::ErrorCode::kConflict, request.type);
    }
    note_answered(sender, batch->sequence);
    return receipt(batch->sequence, true, documents.size(), sender.answered);
  }
  if (!finishes_.empty()) {
    return v2_error(v2::ErrorCode::kAgencyFinished, request.type);
  }
  if (batch->sequence != session.size() + 1) {
    auto error = v2::make_error(v2::ErrorCode::kSequenceGap, request.type, "");
    error.expected = session.size() + 1;
    return message_bytes(MessageType::kError, v2::encode(error));
  }
  session.push_back(packets);
  documents_.insert(documents_.end(), documents.begin(), documents.end());
  note_answered(sender, batch->sequence);
  return receipt(batch->sequence, false, documents.size(), session.size());
}

std::string FakeVersion2::finish(const FakeRequest& request) {
  const auto finish = v2::decode_finish(as_bytes(request.payload));
  if (!finish) {
    return v2_error(v2::ErrorCode::kMalformed, request.type);
  }
  if (finish->bets != documents_.size()) {
    auto error = v2::make_error(v2::ErrorCode::kCountMismatch, request.type, "");
    error.stored = documents_.size();
    error.claimed = finish->bets;
    return message_bytes(MessageType::kError, v2::encode(error));
  }
  finishes_.push_back(finish->bets);
  return message_bytes(MessageType::kFinished, v2::encode_finished(finish->bets));
}

std::string FakeVersion2::winners(const FakeRequest& request) {
  return is_held_ ? message_bytes(MessageType::kWinners, v2::encode_winners(7574, winners_))
                  : v2_error(v2::ErrorCode::kNotHeld, request.type);
}

void FakeVersion2::note_answered(Sender& sender, std::uint64_t sequence) {
  if (sequence > sender.answered) {
    sender.answered = sequence;
    last_answered_ = &sender;
  }
}

void FakeVersion2::lose_last_answer() {
  const std::lock_guard lock(mutex_);
  if (last_answered_ != nullptr) {
    --last_answered_->answered;
    last_answered_ = nullptr;
  }
}

void FakeVersion2::hold_draw(std::vector<std::uint32_t> winners) {
  const std::lock_guard lock(mutex_);
  is_held_ = true;
  winners_ = std::move(winners);
}

std::vector<std::string> FakeVersion2::documents() const {
  const std::lock_guard lock(mutex_);
  return documents_;
}

std::vector<std::uint64_t> FakeVersion2::finishes() const {
  const std::lock_guard lock(mutex_);
  return finishes_;
}

FakeServer::Script FakeVersion2::serve() {
  return [this](FakePeer& peer, int) {
    while (const auto request = peer.read_request()) {
      peer.send(answer(*request));
    }
  };
}

}  // namespace sorteo::test
