// The gRPC peer's server: bidirectional streams, group commit into written space, cumulative
// acknowledgements (benchmarks/README.md).

#include <grpcpp/grpcpp.h>
#include <lottery.grpc.pb.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/peers/grpc/agencies.hpp"
#include "benchmarks/peers/grpc/async_stream.hpp"
#include "benchmarks/peers/grpc/callback_stream.hpp"
#include "benchmarks/peers/grpc/group_log.hpp"

namespace {

using namespace sorteo::peers;

using CallbackLottery = wire::Lottery::WithRawCallbackMethod_Submit<
    wire::Lottery::WithCallbackMethod_Winners<wire::Lottery::Service>>;

// A service of either kind, with the winners of `agencies`.
template <typename Base>
class WinnersService : public Base {
 public:
  explicit WinnersService(Agencies& agencies) : agencies_(agencies) {}

  grpc::ServerUnaryReactor* Winners(grpc::CallbackServerContext* context,
                                    const wire::WinnersRequest* request,
                                    wire::WinnersReply* reply) override {
    const Agencies::Agency agency = agencies_.of(request->agency());
    reply->set_bets(agency.bets);
    reply->mutable_documents()->Add(agency.winners.begin(), agency.winners.end());
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  Agencies& agencies_;
};

class CallbackService final : public WinnersService<CallbackLottery> {
 public:
  CallbackService(GroupLog& log, Agencies& agencies)
      : WinnersService(agencies), log_(log), agencies_(agencies) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Submit(
      grpc::CallbackServerContext* /*context*/) override {
    return CallbackStream::start(log_, agencies_);
  }

 private:
  GroupLog& log_;
  Agencies& agencies_;
};

std::unique_ptr<grpc::Server> listen(grpc::ServerBuilder& builder, grpc::Service& service) {
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  builder.AddChannelArgument(GRPC_ARG_OPTIMIZATION_TARGET, "throughput");
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_FRAME_SIZE, 1024 * 1024);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 4 * 1024 * 1024);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    throw std::runtime_error("cannot listen");
  }
  std::printf("port: %d\n", port);
  std::fflush(stdout);
  return server;
}

void serve_callbacks(GroupLog& log, Agencies& agencies, const sigset_t& signals) {
  CallbackService service(log, agencies);
  grpc::ServerBuilder builder;
  const auto server = listen(builder, service);
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown(std::chrono::system_clock::now());
}

// A thread for each core, with a completion queue of its own.
void serve_queues(GroupLog& log, Agencies& agencies, const sigset_t& signals) {
  WinnersService<AsyncLottery> service(agencies);
  grpc::ServerBuilder builder;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    queues.push_back(builder.AddCompletionQueue());
  }
  const auto server = listen(builder, service);
  std::vector<std::thread> threads;
  for (const auto& queue : queues) {
    AsyncStream::expect(service, *queue, log, agencies);
    threads.emplace_back([&queue] { AsyncStream::serve(*queue); });
  }
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown(std::chrono::system_clock::now());
  for (const auto& queue : queues) {
    queue->Shutdown();
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

void serve(const std::string& directory, const std::string& api, std::uint64_t space_mib) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  Agencies agencies;
  GroupLog log(directory, space_mib * 1024 * 1024);
  if (api == "callback") {
    serve_callbacks(log, agencies, signals);
  } else {
    serve_queues(log, agencies, signals);
  }
  std::printf("bytes: %llu\n", static_cast<unsigned long long>(log.stop()));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string api = argc > 2 ? argv[2] : "callback";
  if (argc < 2 || argc > 4 || std::string(argv[1]) == "--help" ||
      (api != "callback" && api != "async")) {
    std::fputs("usage: grpc_server DIR [callback|async [SPACE_MIB]]\n", stderr);
    return argc == 2 ? 0 : 2;
  }
  try {
    serve(argv[1], api, argc == 4 ? std::strtoull(argv[3], nullptr, 10) : 2048);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "grpc_server: %s\n", error.what());
    return 1;
  }
}
