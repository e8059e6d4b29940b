#include "benchmarks/peers/grpc/submit_call.hpp"

#include <grpcpp/impl/codegen/proto_utils.h>

namespace sorteo::peers {

namespace {

void build(wire::Batch& message, std::uint32_t agency, const std::vector<Bet>& bets) {
  message.Clear();
  message.set_agency(agency);
  for (const Bet& bet : bets) {
    auto* const added = message.add_bets();
    added->set_first_name(bet.first_name);
    added->set_last_name(bet.last_name);
    added->set_document(bet.document);
    added->set_birthdate(bet.birthdate);
    added->set_number(bet.number);
  }
}

void serialise(const wire::Batch& message, grpc::ByteBuffer& to) {
  bool own_buffer = false;
  const auto status = grpc::SerializationTraits<wire::Batch>::Serialize(message, &to, &own_buffer);
  GPR_ASSERT(status.ok());
}

}  // namespace

std::shared_ptr<grpc::Channel> make_channel(const std::string& server) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetString(GRPC_ARG_OPTIMIZATION_TARGET, "throughput");
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_FRAME_SIZE, 1024 * 1024);
  arguments.SetInt(GRPC_ARG_HTTP2_WRITE_BUFFER_SIZE, 1024 * 1024);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments);
}

SubmitCall::SubmitCall(const Options& options, const BetBatches& batches, const Meter& meter,
                       Meter::Lane& lane)
    : options_(options), batches_(batches), meter_(meter), lane_(lane), sent_at_(options.window) {
  for (const auto& bets : batches) {
    if (options.ready) {
      build(batch_, options.agency, bets);
      serialise(batch_, messages_.emplace_back());
    }
  }
}

void SubmitCall::start(const std::string& server) {
  stub_ = std::make_unique<grpc::GenericStub>(make_channel(server));
  stub_->PrepareBidiStreamingCall(&context_, "/sorteo.peers.wire.Lottery/Submit", {}, this);
  StartRead(&read_);
  // Writes are begun from other threads than those of the callbacks, too.
  AddHold();
  StartCall();
  const std::lock_guard lock(mutex_);
  go_on_sending();
}

grpc::Status SubmitCall::wait() {
  std::unique_lock lock(mutex_);
  is_done_.wait(lock, [this] { return done_; });
  return status_;
}

void SubmitCall::OnReadDone(bool ok) {
  if (!ok) {
    // No more answers, so nothing more is sent.
    RemoveHold();
    return;
  }
  bool parsed = grpc::SerializationTraits<wire::Ack>::Deserialize(&read_, &ack_).ok();
  {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    parsed = parsed && ack_.through() <= sent_;
    for (; parsed && acknowledged_ < ack_.through(); ++acknowledged_) {
      const std::size_t at = acknowledged_ % batches_.size();
      lane_.acknowledged(batches_[at].size(), sent_at_[acknowledged_ % sent_at_.size()], now);
    }
    go_on_sending();
  }
  read_.Clear();
  StartRead(&read_);
}

void SubmitCall::OnWriteDone(bool ok) {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  if (ok) {
    go_on_sending();
  }
}

void SubmitCall::OnDone(const grpc::Status& status) {
  const std::lock_guard lock(mutex_);
  status_ = status;
  done_ = true;
  is_done_.notify_all();
}

// One write is under way at a time. All but the one that fills the window are held back until it,
// so that they leave together.
void SubmitCall::go_on_sending() {
  if (writing_ || writes_done_) {
    return;
  }
  if (meter_.has_ended()) {
    writes_done_ = true;
    StartWritesDone();
    return;
  }
  const std::uint64_t in_flight = sent_ - acknowledged_;
  if (in_flight == options_.window) {
    return;
  }
  const grpc::ByteBuffer* const message = next_message();
  sent_at_[sent_ % sent_at_.size()] = Clock::now();
  ++sent_;
  writing_ = true;
  grpc::WriteOptions write;
  if (in_flight + 1 < options_.window) {
    write.set_buffer_hint();
  }
  StartWrite(message, write);
}

const grpc::ByteBuffer* SubmitCall::next_message() {
  const std::size_t at = sent_ % batches_.size();
  if (options_.ready) {
    return &messages_[at];
  }
  build(batch_, options_.agency, batches_[at]);
  built_.Clear();
  serialise(batch_, built_);
  return &built_;
}

}  // namespace sorteo::peers
