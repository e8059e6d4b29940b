#include "client_sdk/negotiated_exchange.hpp"

namespace sorteo::client {

NegotiatedExchange::NegotiatedExchange(const Options& options,
                                       const std::vector<ServerAddress>& servers,
                                       const EngineOptions& engine, Ledger& ledger)
    : options_(options),
      servers_(servers),
      ledger_(ledger),
      version2_(options, servers, engine, nullptr, ledger) {}

void NegotiatedExchange::advance(CallClock& call) {
  current().advance(call);
  if (falls_back(call)) {
    current().advance(call);
  }
}

bool NegotiatedExchange::wait_for_room(CallClock& call) {
  return current().wait_for_room(call) || (falls_back(call) && current().wait_for_room(call));
}

bool NegotiatedExchange::wait_until_idle(CallClock& call) {
  return current().wait_until_idle(call) || (falls_back(call) && current().wait_until_idle(call));
}

std::optional<Failure> NegotiatedExchange::finish(std::optional<std::uint64_t> bets,
                                                  CallClock& call) {
  was_told_to_finish_ = true;
  auto failure = current().finish(bets, call);
  return falls_back(call) ? current().finish(bets, call) : std::move(failure);
}

std::variant<std::optional<Winners>, Failure> NegotiatedExchange::ask(Clock::time_point until,
                                                                      CallClock& call) {
  if (version1_ && !may_ask_in_version1()) {
    return would_finish();
  }
  auto answer = current().ask(until, call);
  if (!version1_ && version2_.version1_server() && !may_ask_in_version1()) {
    return would_finish();
  }
  return falls_back(call) ? current().ask(until, call) : std::move(answer);
}

// In version 1 the question says that the agency has finished. Two ends of a connection are no
// proof that a server knows no other version, so they alone must not turn the one into the other.
bool NegotiatedExchange::may_ask_in_version1() const {
  return was_told_to_finish_ || (version1_ && version1_->answered());
}

Failure NegotiatedExchange::would_finish() const {
  const ServerAddress& server = servers_[version2_.version1_server().value_or(0)];
  return Peer(server.host, server.port)
      .failure(FailureKind::kDisconnected, Stage::kAnswer,
               "no Welcome came. A server of version 1 alone does that, and to ask it for the "
               "winners says that the agency has finished: that is done only if version 1 is "
               "chosen");
}

// Whether version 1 has been found to be the one to speak just now.
bool NegotiatedExchange::falls_back(CallClock& call) {
  const auto server = version2_.version1_server();
  if (version1_ || !server) {
    return false;
  }
  version1_ = std::make_unique<Conversation>(options_, std::vector{servers_[*server]}, ledger_);
  version1_->take_over(version2_.take_unsent());
  call.note_progress();
  return true;
}

}  // namespace sorteo::client
