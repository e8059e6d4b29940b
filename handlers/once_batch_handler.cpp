#include "handlers/once_batch_handler.hpp"

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "core/batch.hpp"
#include "core/version2.hpp"
#include "core/version2_reply.hpp"
#include "handlers/admission.hpp"
#include "handlers/malformed.hpp"
#include "handlers/version2_refusal.hpp"

namespace sorteo {
namespace {

constexpr std::string_view kAction = "apuesta_recibida";

// What is left of a batch when its bytes have gone. Kept small: it waits in the store's callback.
struct Received {
  std::uint64_t sequence;
  std::uint32_t agency;
  std::uint32_t bets;                   // 0 when it breaks a rule
  std::unique_ptr<std::string> broken;  // which one, then
};

void log_outcome(const Received& received, boost::system::error_code error, const Receipt& receipt,
                 Log& log) noexcept {
  write_line(log, error ? LogLevel::kWarning : LogLevel::kInfo, [&] {
    LogLine line(kAction, error ? "fail" : "success");
    line.with("cantidad", error ? received.bets : receipt.bets);
    if (error) {
      line.with("agencia", received.agency).with("error", error.message());
    } else if (receipt.is_duplicate) {
      line.with("duplicada", 1);
    }
    return line;
  });
}

// Why `payload` is no OnceBatch.
std::string fault_of(ByteView payload) {
  if (payload.size() < v2::kOnceBatchHeaderBytes) {
    return "a OnceBatch begins with agency, session and sequence, in " +
           std::to_string(v2::kOnceBatchHeaderBytes) + " bytes; this one has " +
           std::to_string(payload.size());
  }
  return "the sequence numbers of a session begin with 1; this OnceBatch has 0";
}

Reply error_reply(boost::system::error_code error, const Receipt& receipt, std::uint8_t request) {
  v2::Error answer = store_error(error, request);
  if (error == StoreError::kSequenceGap) {
    answer.expected = receipt.durable + 1;
  }
  return v2::error_reply(answer);
}

Reply receipt_reply(const Received& received, const Receipt& receipt) {
  v2::ReceiptMessage message{.sequence = received.sequence, .receipt = receipt, .sentence = {}};
  if (receipt.outcome == BatchOutcome::kRefused) {
    message.code = v2::ErrorCode::kMalformed;
    // An earlier program may have refused what this one would take.
    message.sentence = received.broken ? *received.broken : "it was refused when it came first";
  }
  return v2::message_reply(MessageType::kReceipt, v2::receipt_payload(message));
}

// The store has called back. Does not throw, because its callbacks must not: without memory the
// responder answers INTERNAL by itself, and the same batch sent again tells its outcome.
void answer(const Received& received, boost::system::error_code error, const Receipt& receipt,
            Log& log, Responder responder) noexcept {
  if (error || receipt.outcome == BatchOutcome::kStored) {  // a refusal has had its line
    log_outcome(received, error, receipt, log);
  }
  try {
    responder.send(error ? error_reply(error, receipt, responder.type())
                         : receipt_reply(received, receipt));
  } catch (const std::exception&) {
  }
}

}  // namespace

void OnceBatchHandler::handle(const Request& request, Responder responder) {
  const auto once = v2::decode_once_batch(request.message.payload);
  if (!once) {
    refuse(request, v2::ErrorCode::kMalformed, kAction, fault_of(request.message.payload), log_,
           std::move(responder));
    return;
  }
  if (!is_admitted(request, once->agency, kAction, gate_, log_, responder)) {
    return;
  }
  Received received{once->sequence, once->agency, 0, nullptr};
  IdentifiedBatch batch{once->session, once->sequence, once->agency, once->packets, std::nullopt};
  const auto bets = decode_packets(once->agency, once->packets);
  if (bets.has_value()) {
    batch.bets = received.bets = bets->size();
  } else {
    received.broken = std::make_unique<std::string>(bets.error().message());
    log_malformed(kAction, bets.error(), request.peer, log_);
  }
  if (!has_allowance(request, once->agency, received.bets, kAction, gate_, log_, responder)) {
    return;
  }
  store_.append_once(
      batch, [&log = log_, received = std::move(received), responder = std::move(responder)](
                 boost::system::error_code error, const Receipt& receipt) mutable noexcept {
        answer(received, error, receipt, log, std::move(responder));
      });
}

}  // namespace sorteo
