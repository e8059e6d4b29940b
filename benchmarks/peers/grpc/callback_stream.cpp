#include "benchmarks/peers/grpc/callback_stream.hpp"

namespace sorteo::peers {

CallbackStream* CallbackStream::start(GroupLog& log, Agencies& agencies) {
  const std::shared_ptr<CallbackStream> stream(new CallbackStream(log, agencies));
  stream->self_ = stream;
  stream->StartRead(&stream->read_);
  return stream.get();
}

void CallbackStream::OnReadDone(bool ok) {
  if (ok && taker_.parse(read_)) {
    std::uint64_t sequence = 0;
    {
      const std::lock_guard lock(mutex_);
      sequence = turns_.take();
    }
    taker_.append(self_, sequence);
    StartRead(&read_);
    return;
  }
  const std::lock_guard lock(mutex_);
  turns_.end_reading();
  if (ok) {
    status_ = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "a bet breaks a rule");
  }
  go_on_writing();
}

void CallbackStream::OnWriteDone(bool /*ok*/) {
  const std::lock_guard lock(mutex_);
  turns_.written();
  go_on_writing();
}

void CallbackStream::OnDone() { self_.reset(); }

void CallbackStream::durable(std::uint64_t through) {
  const std::lock_guard lock(mutex_);
  turns_.set_durable(through);
  go_on_writing();
}

void CallbackStream::go_on_writing() {
  switch (turns_.next(written_)) {
    case AckTurns::Turn::kWrite:
      StartWrite(&written_);
      break;
    case AckTurns::Turn::kFinish:
      Finish(status_);
      break;
    case AckTurns::Turn::kNothing:
      break;
  }
}

}  // namespace sorteo::peers
