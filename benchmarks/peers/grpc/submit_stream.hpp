#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/grpcpp.h>
#include <lottery.pb.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "benchmarks/peers/grpc/agencies.hpp"
#include "benchmarks/peers/grpc/group_log.hpp"

namespace sorteo::peers {

/// One Submit call on the server: parses and checks each batch, appends the bytes as they came, and
/// acknowledges what is durable, cumulatively. It lives until the call is done.
class SubmitStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                           public GroupListener,
                           public std::enable_shared_from_this<SubmitStream> {
 public:
  /// Begins to read. The references outlive the call.
  static SubmitStream* start(GroupLog& log, Agencies& agencies);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone() override;

  void durable(std::uint64_t through) override;

 private:
  SubmitStream(GroupLog& log, Agencies& agencies) : log_(log), agencies_(agencies) {}

  bool take_batch();
  void go_on_writing();

  GroupLog& log_;
  Agencies& agencies_;
  std::shared_ptr<SubmitStream> self_;  // gRPC holds a bare pointer until OnDone

  // Of the thread that reads.
  grpc::ByteBuffer read_;
  wire::Batch batch_;
  std::vector<grpc::Slice> slices_;
  std::vector<ByteView> pieces_;
  std::vector<std::uint32_t> winners_;
  GroupLog::Place place_;

  std::mutex mutex_;
  std::uint64_t taken_ = 0;
  std::uint64_t durable_ = 0;
  std::uint64_t acknowledged_ = 0;
  bool writing_ = false;
  bool read_ended_ = false;
  bool finished_ = false;
  grpc::Status status_;
  grpc::ByteBuffer written_;
};

}  // namespace sorteo::peers
