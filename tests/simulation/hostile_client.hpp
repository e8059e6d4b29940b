#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/client.hpp"

namespace sorteo::simulation {

/// A client that does what the protocol leaves open or forbids, and never waits for an answer: it
/// sends old batches of others again, as they were and with another content, leaves out numbers,
/// sends two contents under one number at once, claims wrong counts, asks out of turn, sends
/// nonsense, and stays away in the middle of it. Its own bets are those of an agency that never
/// finishes.
class HostileClient final : public Client, private Peer {
 public:
  /// The agencies of the others are 1 to `agency` - 1.
  HostileClient(std::uint32_t agency, const ClientSurroundings& surroundings, Chance chance);
  ~HostileClient() override;
  HostileClient(const HostileClient&) = delete;
  HostileClient& operator=(const HostileClient&) = delete;

  void start() override { connect(); }
  bool is_done() const override { return is_calm_; }
  void crash() override { leave(); }
  void calm() override;
  std::string describe() const override { return "hostile client"; }

 private:
  void received() override { connection_->arrived(End::kClient).clear(); }
  void ended() override { leave(); }
  void broken() override { leave(); }

  void connect();
  void act();
  void leave();
  std::string request();
  std::string hello();
  std::string own_batch();
  std::string old_batch(bool is_changed);
  std::string late_batch();
  std::string wrong_finish();
  std::string question();
  std::string nonsense();

  const std::uint32_t agency_;
  const ClientSurroundings surroundings_;
  Chance chance_;
  SessionId session_;
  std::vector<std::vector<std::string>> contents_;  // of its own sequence numbers, from 1
  std::map<std::uint32_t, std::string> late_;       // by agency
  std::shared_ptr<Connection> connection_;
  std::uint64_t visit_ = 0;
  bool is_calm_ = false;
};

}  // namespace sorteo::simulation
