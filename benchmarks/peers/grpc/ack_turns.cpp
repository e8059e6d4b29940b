#include "benchmarks/peers/grpc/ack_turns.hpp"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <lottery.pb.h>

namespace sorteo::peers {

AckTurns::Turn AckTurns::next(grpc::ByteBuffer& message) {
  if (writing_ || finished_) {
    return Turn::kNothing;
  }
  if (durable_ > acknowledged_) {
    wire::Ack ack;
    ack.set_through(durable_);
    bool own_buffer = false;
    const auto status = grpc::SerializationTraits<wire::Ack>::Serialize(ack, &message, &own_buffer);
    GPR_ASSERT(status.ok());
    acknowledged_ = durable_;
    writing_ = true;
    return Turn::kWrite;
  }
  finished_ = read_ended_ && acknowledged_ == taken_;
  return finished_ ? Turn::kFinish : Turn::kNothing;
}

}  // namespace sorteo::peers
