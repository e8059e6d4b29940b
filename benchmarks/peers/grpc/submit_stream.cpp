#include "benchmarks/peers/grpc/submit_stream.hpp"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include "benchmarks/peers/common/bet_batches.hpp"
#include "core/bet.hpp"
#include "core/text.hpp"

namespace sorteo::peers {

namespace {

constexpr std::string_view kWinningText = "7574";
static_assert(kWinningNumber == 7574);

}  // namespace

SubmitStream* SubmitStream::start(GroupLog& log, Agencies& agencies) {
  const std::shared_ptr<SubmitStream> stream(new SubmitStream(log, agencies));
  stream->self_ = stream;
  stream->StartRead(&stream->read_);
  return stream.get();
}

void SubmitStream::OnReadDone(bool ok) {
  const bool goes_on = ok && take_batch();
  if (goes_on) {
    StartRead(&read_);
    return;
  }
  const std::lock_guard lock(mutex_);
  read_ended_ = true;
  if (ok) {
    status_ = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "a bet breaks a rule");
  }
  go_on_writing();
}

void SubmitStream::OnWriteDone(bool /*ok*/) {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  go_on_writing();
}

void SubmitStream::OnDone() { self_.reset(); }

void SubmitStream::durable(std::uint64_t through) {
  const std::lock_guard lock(mutex_);
  durable_ = through;
  go_on_writing();
}

// False when it is no batch, or a bet in it breaks a rule.
bool SubmitStream::take_batch() {
  grpc::ProtoBufferReader reader(&read_);
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
  pieces_.clear();
  if (!read_.Dump(&slices_).ok()) {
    return false;
  }
  for (const grpc::Slice& slice : slices_) {
    pieces_.push_back({reinterpret_cast<const std::byte*>(slice.begin()), slice.size()});
  }
  std::uint64_t sequence = 0;
  {
    const std::lock_guard lock(mutex_);
    sequence = ++taken_;
  }
  agencies_.add(batch_.agency(), static_cast<std::uint64_t>(batch_.bets_size()), winners_);
  log_.append(batch_.agency(), pieces_, self_, sequence, place_);
  return true;
}

// One write is under way at a time; what becomes durable meanwhile is in the next one.
void SubmitStream::go_on_writing() {
  if (writing_ || finished_) {
    return;
  }
  if (durable_ > acknowledged_) {
    wire::Ack ack;
    ack.set_through(durable_);
    bool own_buffer = false;
    const auto status =
        grpc::SerializationTraits<wire::Ack>::Serialize(ack, &written_, &own_buffer);
    GPR_ASSERT(status.ok());
    acknowledged_ = durable_;
    writing_ = true;
    StartWrite(&written_);
  } else if (read_ended_ && acknowledged_ == taken_) {
    finished_ = true;
    Finish(status_);
  }
}

}  // namespace sorteo::peers
