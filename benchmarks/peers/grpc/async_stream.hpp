#pragma once

#include <grpcpp/grpcpp.h>
#include <lottery.grpc.pb.h>

#include <memory>
#include <mutex>

#include "benchmarks/peers/grpc/ack_turns.hpp"
#include "benchmarks/peers/grpc/agencies.hpp"
#include "benchmarks/peers/grpc/batch_taker.hpp"
#include "benchmarks/peers/grpc/group_log.hpp"

namespace sorteo::peers {

/// The service whose Submit is served from completion queues.
using AsyncLottery = wire::Lottery::WithRawMethod_Submit<
    wire::Lottery::WithCallbackMethod_Winners<wire::Lottery::Service>>;

/// One Submit call on the server, by the asynchronous API: one completion queue, which one thread
/// serves by serve(). It lives until the call is done.
class AsyncStream final : public GroupListener, public std::enable_shared_from_this<AsyncStream> {
 public:
  /// Waits for a call on `queue`; when one has come, the next one is waited for by itself. The
  /// references outlive the call.
  static void expect(AsyncLottery& service, grpc::ServerCompletionQueue& queue, GroupLog& log,
                     Agencies& agencies);

  /// Serves the calls of `queue` until it is shut down.
  static void serve(grpc::ServerCompletionQueue& queue);

  void durable(std::uint64_t through) override;

 private:
  enum class Step { kCalled, kRead, kWritten, kFinished };
  // What comes back from the queue when a step is done.
  struct Tag {
    AsyncStream* stream;
    Step step;
  };

  AsyncStream(AsyncLottery& service, grpc::ServerCompletionQueue& queue, GroupLog& log,
              Agencies& agencies);

  void done(Step step, bool ok);
  void take_read(bool ok);
  void go_on_writing();

  AsyncLottery& service_;
  grpc::ServerCompletionQueue& queue_;
  GroupLog& log_;
  Agencies& agencies_;
  std::shared_ptr<AsyncStream> self_;  // the queue holds bare pointers until the call is done
  Tag called_{this, Step::kCalled};
  Tag reading_{this, Step::kRead};
  Tag writing_{this, Step::kWritten};
  Tag finishing_{this, Step::kFinished};
  grpc::ServerContext context_;
  grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer> stream_{&context_};
  grpc::ByteBuffer read_;
  BatchTaker taker_;

  std::mutex mutex_;
  AckTurns turns_;
  grpc::Status status_;
  grpc::ByteBuffer written_;
};

}  // namespace sorteo::peers
