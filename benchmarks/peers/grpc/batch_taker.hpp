#pragma once

#include <grpcpp/grpcpp.h>
#include <lottery.pb.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "benchmarks/peers/grpc/agencies.hpp"
#include "benchmarks/peers/grpc/group_log.hpp"

namespace sorteo::peers {

/// Takes the batches of one stream: parses, checks every field, appends the bytes as they came. Not
/// thread-safe.
class BatchTaker final {
 public:
  /// The references outlive this.
  BatchTaker(GroupLog& log, Agencies& agencies) : log_(log), agencies_(agencies) {}

  /// Reads a message and checks it. False when it is no batch, or a bet in it breaks a rule.
  bool parse(grpc::ByteBuffer& message);

  /// Appends the message that was parsed last; `listener` is told once it is durable.
  void append(const std::shared_ptr<GroupListener>& listener, std::uint64_t sequence);

 private:
  GroupLog& log_;
  Agencies& agencies_;
  wire::Batch batch_;  // kept: its bets and their texts are filled anew, without an allocation
  std::vector<grpc::Slice> slices_;
  std::vector<ByteView> pieces_;
  std::vector<std::uint32_t> winners_;
  GroupLog::Place place_;
};

}  // namespace sorteo::peers
