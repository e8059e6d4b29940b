#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "tests/simulation/client.hpp"

namespace sorteo::simulation {

/// An agency's program of version 1, as it is in the field: a connection for each request, no
/// second try for a batch whose answer is lost, and a Consulta again and again until there are
/// winners.
class PlainClient final : public Client, private Peer {
 public:
  PlainClient(std::uint32_t agency, std::uint32_t batches, const ClientSurroundings& surroundings,
              Chance chance);
  ~PlainClient() override;
  PlainClient(const PlainClient&) = delete;
  PlainClient& operator=(const PlainClient&) = delete;

  void start() override { ask(); }
  bool is_done() const override { return is_done_; }
  void crash() override;
  std::string describe() const override;

 private:
  void received() override;
  void ended() override { next(); }
  void broken() override { next(); }

  void ask();
  void next();
  std::string request();
  void take(std::string_view answer);
  void drop_connection();

  const std::uint32_t agency_;
  const std::uint32_t batches_;
  const ClientSurroundings surroundings_;
  Chance chance_;
  std::shared_ptr<Connection> connection_;
  std::uint32_t sent_ = 0;
  std::uint64_t attempts_ = 0;  // requests, whatever became of them
  bool is_done_ = false;
};

}  // namespace sorteo::simulation
