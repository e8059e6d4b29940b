#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <lottery.pb.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "benchmarks/peers/common/bet_batches.hpp"
#include "benchmarks/peers/common/meter.hpp"

namespace sorteo::peers {

/// One Submit call of the client: keeps a window of batches in flight until the meter has ended,
/// then waits for what is in flight.
class SubmitCall final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  struct Options {
    std::uint32_t agency = 1;
    unsigned window = 16;
    bool ready =
        true;  ///< messages are serialised before; else built from the bets as they are sent
  };

  /// References outlive the call.
  SubmitCall(const Options& options, const BetBatches& batches, const Meter& meter,
             Meter::Lane& lane);

  /// Begins on a connection of its own to `server`.
  void start(const std::string& server);

  /// Waits for the end of the call.
  grpc::Status wait();

  std::uint64_t acknowledged() const noexcept { return acknowledged_; }

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

 private:
  void go_on_sending();
  const grpc::ByteBuffer* next_message();

  const Options options_;
  const BetBatches& batches_;
  const Meter& meter_;
  Meter::Lane& lane_;
  std::unique_ptr<grpc::GenericStub> stub_;
  grpc::ClientContext context_;
  std::vector<grpc::ByteBuffer> messages_;
  wire::Batch batch_;
  grpc::ByteBuffer built_;
  grpc::ByteBuffer read_;
  wire::Ack ack_;

  std::mutex mutex_;
  std::condition_variable is_done_;
  std::vector<Clock::time_point> sent_at_;  // of the batches in flight
  std::uint64_t sent_ = 0;
  std::uint64_t acknowledged_ = 0;
  bool writing_ = false;
  bool writes_done_ = false;
  bool done_ = false;
  grpc::Status status_;
};

/// A channel that shares its connection with no other one.
std::shared_ptr<grpc::Channel> make_channel(const std::string& server);

}  // namespace sorteo::peers
