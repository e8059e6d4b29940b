#include "benchmarks/peers/grpc/async_stream.hpp"

namespace sorteo::peers {

void AsyncStream::expect(AsyncLottery& service, grpc::ServerCompletionQueue& queue, GroupLog& log,
                         Agencies& agencies) {
  const std::shared_ptr<AsyncStream> stream(new AsyncStream(service, queue, log, agencies));
  stream->self_ = stream;
  service.RequestSubmit(&stream->context_, &stream->stream_, &queue, &queue, &stream->called_);
}

void AsyncStream::serve(grpc::ServerCompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  while (queue.Next(&tag, &ok)) {
    const Tag& done = *static_cast<Tag*>(tag);
    done.stream->done(done.step, ok);
  }
}

void AsyncStream::durable(std::uint64_t through) {
  const std::lock_guard lock(mutex_);
  turns_.set_durable(through);
  go_on_writing();
}

AsyncStream::AsyncStream(AsyncLottery& service, grpc::ServerCompletionQueue& queue, GroupLog& log,
                         Agencies& agencies)
    : service_(service), queue_(queue), log_(log), agencies_(agencies), taker_(log, agencies) {}

void AsyncStream::done(Step step, bool ok) {
  switch (step) {
    case Step::kCalled:
      if (ok) {
        expect(service_, queue_, log_, agencies_);
        stream_.Read(&read_, &reading_);
      } else {
        self_.reset();
      }
      break;
    case Step::kRead:
      take_read(ok);
      break;
    case Step::kWritten: {
      const std::lock_guard lock(mutex_);
      turns_.written();
      go_on_writing();
      break;
    }
    case Step::kFinished:
      self_.reset();
      break;
  }
}

void AsyncStream::take_read(bool ok) {
  if (ok && taker_.parse(read_)) {
    std::uint64_t sequence = 0;
    {
      const std::lock_guard lock(mutex_);
      sequence = turns_.take();
    }
    taker_.append(self_, sequence);
    stream_.Read(&read_, &reading_);
    return;
  }
  const std::lock_guard lock(mutex_);
  turns_.end_reading();
  if (ok) {
    status_ = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "a bet breaks a rule");
  }
  go_on_writing();
}

void AsyncStream::go_on_writing() {
  switch (turns_.next(written_)) {
    case AckTurns::Turn::kWrite:
      stream_.Write(written_, &writing_);
      break;
    case AckTurns::Turn::kFinish:
      stream_.Finish(status_, &finishing_);
      break;
    case AckTurns::Turn::kNothing:
      break;
  }
}

}  // namespace sorteo::peers
