#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "client_sdk/conversation.hpp"
#include "client_sdk/session.hpp"

namespace sorteo::client {

/// The exchange in version 2, or in version 1 once a server has been found to know no other
/// (docs/client-sdk.md, "Versions"). Before that, nothing has been sent of any batch; afterwards it
/// stays with that server and that version.
class NegotiatedExchange final : public Exchange {
 public:
  /// `options` and `ledger` must outlive the exchange.
  NegotiatedExchange(const Options& options, const std::vector<ServerAddress>& servers,
                     const EngineOptions& engine, Ledger& ledger);

  void begin_call() override { current().begin_call(); }
  bool has_room() const override { return current().has_room(); }
  std::optional<Failure> push(OutgoingBatch& batch) override { return current().push(batch); }
  void advance(CallClock& call) override;
  bool wait_for_room(CallClock& call) override;
  bool wait_until_idle(CallClock& call) override;
  std::optional<Failure> take_failure() override { return current().take_failure(); }
  std::optional<Failure> finish(std::optional<std::uint64_t> bets, CallClock& call) override;
  /// kDisconnected where it would have to be asked in version 1, which finishes the agency, and
  /// neither has this client been told to finish nor has a server answered it in version 1.
  std::variant<std::optional<Winners>, Failure> ask(Clock::time_point until,
                                                    CallClock& call) override;
  bool holds_questions() const override { return current().holds_questions(); }
  bool answered() const override { return current().answered(); }
  std::optional<std::size_t> packet_limit() const override { return current().packet_limit(); }
  std::vector<BatchResult> unsettled() const override { return current().unsettled(); }

 private:
  Exchange& current() noexcept {
    return version1_ ? static_cast<Exchange&>(*version1_) : version2_;
  }
  const Exchange& current() const noexcept {
    return version1_ ? static_cast<const Exchange&>(*version1_) : version2_;
  }
  bool falls_back(CallClock& call);
  bool may_ask_in_version1() const;
  Failure would_finish() const;

  const Options& options_;
  const std::vector<ServerAddress> servers_;
  Ledger& ledger_;
  Session version2_;
  bool was_told_to_finish_ = false;
  std::unique_ptr<Conversation> version1_;  // none while version 2 is hoped for, or spoken
};

}  // namespace sorteo::client
