#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <mutex>

#include "benchmarks/peers/grpc/ack_turns.hpp"
#include "benchmarks/peers/grpc/agencies.hpp"
#include "benchmarks/peers/grpc/batch_taker.hpp"
#include "benchmarks/peers/grpc/group_log.hpp"

namespace sorteo::peers {

/// One Submit call on the server, by the callback API. It lives until the call is done.
class CallbackStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                             public GroupListener,
                             public std::enable_shared_from_this<CallbackStream> {
 public:
  /// Begins to read. The references outlive the call.
  static CallbackStream* start(GroupLog& log, Agencies& agencies);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone() override;

  void durable(std::uint64_t through) override;

 private:
  CallbackStream(GroupLog& log, Agencies& agencies) : taker_(log, agencies) {}

  void go_on_writing();

  std::shared_ptr<CallbackStream> self_;  // gRPC holds a bare pointer until OnDone
  grpc::ByteBuffer read_;
  BatchTaker taker_;

  std::mutex mutex_;
  AckTurns turns_;
  grpc::Status status_;
  grpc::ByteBuffer written_;
};

}  // namespace sorteo::peers
