#include "tests/support/version2_recode.hpp"

#include "core/version2.hpp"

namespace sorteo::test {
namespace {

template <auto Decode, auto Encode>
std::optional<std::string> recode(ByteView payload) {
  const auto read = Decode(payload);
  return read ? std::optional(Encode(*read)) : std::nullopt;
}

template <auto Decode>
std::optional<std::string> recode(ByteView payload) {
  return recode<Decode, [](const auto& value) { return v2::encode(value); }>(payload);
}

std::string encode_batch(const v2::OnceBatch& batch) {
  std::string bytes;
  v2::append_once_batch_header(bytes, batch.agency, batch.session, batch.sequence);
  bytes += as_text(batch.packets);
  return bytes;
}

std::string encode_winners(const v2::Winners& winners) {
  return v2::encode_winners(winners.winning_number, winners.documents);
}

}  // namespace

const std::vector<Recoder>& recoders() {
  static const std::vector<Recoder> all{
      {MessageType::kHello, recode<v2::decode_hello>},
      {MessageType::kWelcome, recode<v2::decode_welcome>},
      {MessageType::kOnceBatch, recode<v2::decode_once_batch, encode_batch>},
      {MessageType::kReceipt, recode<v2::decode_receipt>},
      {MessageType::kFinish, recode<v2::decode_finish>},
      {MessageType::kFinished, recode<v2::decode_finished, v2::encode_finished>},
      {MessageType::kAwaitWinners, recode<v2::decode_await_winners>},
      {MessageType::kWinners, recode<v2::decode_winners, encode_winners>},
      {MessageType::kError, recode<v2::decode_error>},
      {MessageType::kGoAway, recode<v2::decode_go_away>},
  };
  return all;
}

}  // namespace sorteo::test
