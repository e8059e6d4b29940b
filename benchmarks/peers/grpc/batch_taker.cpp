#include "benchmarks/peers/grpc/batch_taker.hpp"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <string_view>

#include "benchmarks/peers/common/bet_batches.hpp"
#include "core/bet.hpp"
#include "core/text.hpp"

namespace sorteo::peers {

namespace {

constexpr std::string_view kWinningText = "7574";
static_assert(kWinningNumber == 7574);

}  // namespace

bool BatchTaker::parse(grpc::ByteBuffer& message) {
  grpc::ProtoBufferReader reader(&message);
  if (!reader.status().ok() || !batch_.ParseFromZeroCopyStream(&reader)) {
    return false;
  }
  winners_.clear();
  for (const auto& bet : batch_.bets()) {
    const BetView view{bet.first_name(), bet.last_name(), bet.document(), bet.birthdate(),
                       bet.number()};
    if (find_bad_field(view)) {
      return false;
    }
    // Nearly no number ends so, and only those that do are parsed again.
    if (view.number.ends_with(kWinningText) && parse_decimal(view.number) == kWinningNumber) {
      winners_.push_back(*parse_decimal(view.document));
    }
  }
  slices_.clear();
  return message.Dump(&slices_).ok();
}

void BatchTaker::append(const std::shared_ptr<GroupListener>& listener, std::uint64_t sequence) {
  pieces_.clear();
  for (const grpc::Slice& slice : slices_) {
    pieces_.push_back({reinterpret_cast<const std::byte*>(slice.begin()), slice.size()});
  }
  agencies_.add(batch_.agency(), static_cast<std::uint64_t>(batch_.bets_size()), winners_);
  log_.append(batch_.agency(), pieces_, listener, sequence, place_);
}

}  // namespace sorteo::peers
