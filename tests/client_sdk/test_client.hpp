#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client_sdk/client.hpp"

namespace sorteo::client {

/// A good bet whose document is `document`.
Bet bet(std::uint32_t document);

/// A good bet that takes 60 KB on the wire.
Bet huge_bet(std::uint32_t document);

/// The bets of the documents `first` to `last`.
std::vector<Bet> bets(std::uint32_t first, std::uint32_t last);

/// The documents `first` to `last`, as a fake server lists them.
std::vector<std::string> documents(std::uint32_t first, std::uint32_t last);

/// `stored 1-10`, `unknown 11-20`, ...: an outcome and the places of its bets.
std::string describe(const BatchResult& batch);

/// A client of agency 1 for a server on loopback, with batches of ten bets, that keeps what it is
/// told of each batch. It speaks version 1 unless told otherwise.
class TestClient final {
 public:
  explicit TestClient(std::uint16_t port) : TestClient(port, [](Options&) {}) {}
  /// `change` may change the options first.
  TestClient(std::uint16_t port, const std::function<void(Options&)>& change);

  Client* operator->() noexcept { return &client_; }

  /// Submits the bets of the documents `first` to `last`, which must all be taken.
  void submit(std::uint32_t first, std::uint32_t last);

  /// The outcomes so far, in the order in which they were told, as describe() writes them.
  const std::vector<std::string>& outcomes() const noexcept { return outcomes_; }

 private:
  Options options(std::uint16_t port, const std::function<void(Options&)>& change);

  std::vector<std::string> outcomes_;
  Client client_;
};

}  // namespace sorteo::client
