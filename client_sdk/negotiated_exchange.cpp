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
  auto failure = current().finish(bets, call);
  return falls_back(call) ? current().finish(bets, call) : std::move(failure);
}

std::variant<std::optional<Winners>, Failure> NegotiatedExchange::ask(Clock::time_point until,
                                                                      CallClock& call) {
  auto answer = current().ask(until, call);
  return falls_back(call) ? current().ask(until, call) : std::move(answer);
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
