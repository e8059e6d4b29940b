#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client_sdk/session_engine.hpp"
#include "tests/simulation/bet_maker.hpp"
#include "tests/simulation/client.hpp"
#include "tests/simulation/memory_batch_log.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/transcript.hpp"

namespace sorteo::simulation {

struct SdkClientOptions {
  std::uint32_t agency = 1;
  std::uint32_t batches = 4;  ///< that it has to send
  bool has_outbox = true;
  std::size_t window = 4;
  std::size_t servers = 1;   ///< addresses it knows; the real one is among them
  bool is_branch = false;    ///< it leaves it to another client to say that the agency has finished
  bool counts_alone = true;  ///< nobody else sends bets of the agency
  std::uint32_t crashes = 0;    ///< times of 1000 in which it dies with a batch in its outbox
  std::uint32_t oversized = 0;  ///< batches of 100 that are more than the server takes
};

/// An agency's program: the engine of the SDK with its outbox, carried by the virtual network. It
/// sends its batches, says that the agency has finished, waits for the winners, and is done. It may
/// crash at any time, and is then run again.
class SdkClient final : public Client, private Peer {
 public:
  SdkClient(const SdkClientOptions& options, const ClientSurroundings& surroundings, Chance chance);
  ~SdkClient() override;
  SdkClient(const SdkClient&) = delete;
  SdkClient& operator=(const SdkClient&) = delete;

  void start() override;
  bool is_done() const override { return is_done_; }
  void crash() override;
  void calm() override { is_calm_ = true; }
  std::string describe() const override;

 private:
  void received() override;
  void ended() override;
  void broken() override;

  client::Clock::time_point now() const { return surroundings_.network.scheduler().now(); }
  void later(Scheduler::Duration delay, void (SdkClient::*what)());
  void work();
  void fall_back();
  std::uint64_t pushed() const { return engine_->window().first() - 1 + engine_->window().size(); }
  void push_batches();
  void take_outcome(const client::Settled& settled);
  void take_outcomes();
  void ask_questions();
  void take_answer();
  void carry();
  void connect_now();
  void drop_connection();
  void set_alarm();
  const BetMaker::Made& batch(std::uint64_t sequence);

  const SdkClientOptions options_;
  const ClientSurroundings surroundings_;
  Chance chance_;
  std::size_t real_server_;

  // What outlives a crash.
  std::unique_ptr<MemoryBatchLog> log_;
  std::vector<BetMaker::Made> made_;  // of the present session
  std::uint32_t sent_before_ = 0;     // batches of earlier sessions that had their outcomes
  bool has_lost_count_ = false;       // it crashed without an outbox
  std::uint64_t runs_ = 0;            // a number for each run of the program

  // What does not.
  std::unique_ptr<client::SessionEngine> engine_;
  SessionId session_;
  std::shared_ptr<Connection> connection_;
  bool is_connecting_ = false;
  bool is_working_ = false;
  bool is_crashing_ = false;
  bool is_finished_ = false;  // the agency, as the server has answered
  bool is_asked_ = false;
  std::uint64_t attempts_ = 0;  // to connect
  client::Clock::time_point alarm_at_;
  std::uint64_t settled_ = 0;

  bool is_calm_ = false;
  bool is_done_ = false;
};

}  // namespace sorteo::simulation
