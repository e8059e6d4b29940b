#include "examples/handler/bet_count_handler.hpp"

#include <string>
#include <utility>

#include "core/version2_reply.hpp"

namespace sorteo::example {
namespace {

constexpr std::string_view kAction = "cantidad_apuestas";

Reply count_reply(std::uint64_t bets) {
  std::string payload;
  append_u64(payload, bets);
  return {Reply::Envelope::kMessage, kBetCount, std::move(payload)};
}

void answer(std::uint32_t agency, BetCounter::Result bets, Log& log, Responder responder) {
  if (bets.has_error()) {
    const std::string reason = bets.error().message();
    log.write(LogLevel::kWarning,
              LogLine(kAction, "fail").with("agencia", agency).with("error", reason).str());
    responder.send(v2::error_reply(v2::code_of(bets.error()), kBetCount, reason));
    return;
  }
  log.write(LogLevel::kInfo,
            LogLine(kAction, "success").with("agencia", agency).with("cantidad", *bets).str());
  responder.send(count_reply(*bets));
}

}  // namespace

void BetCountHandler::handle(const Request& request, Responder responder) {
  const ByteView payload = request.message.payload;
  if (payload.size() != 4) {
    responder.send(v2::error_reply(
        v2::ErrorCode::kMalformed, kBetCount,
        "a BetCount holds an agency in 4 bytes, not " + std::to_string(payload.size())));
    return;
  }
  const std::uint32_t agency = load_u32(payload.data());
  counter_.count(agency, [agency, &log = log_,
                          responder = std::move(responder)](BetCounter::Result bets) mutable {
    answer(agency, bets, log, std::move(responder));
  });
}

}  // namespace sorteo::example
