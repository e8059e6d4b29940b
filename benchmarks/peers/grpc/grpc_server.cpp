// The gRPC peer's server: bidirectional streams, group commit into written space, cumulative
// acknowledgements (benchmarks/README.md).

#include <grpcpp/grpcpp.h>
#include <lottery.grpc.pb.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>

#include "benchmarks/peers/grpc/agencies.hpp"
#include "benchmarks/peers/grpc/group_log.hpp"
#include "benchmarks/peers/grpc/submit_stream.hpp"

namespace {

using sorteo::peers::Agencies;
using sorteo::peers::GroupLog;
using sorteo::peers::SubmitStream;
using sorteo::peers::wire::Lottery;
using sorteo::peers::wire::WinnersReply;
using sorteo::peers::wire::WinnersRequest;

using LotteryBase =
    Lottery::WithRawCallbackMethod_Submit<Lottery::WithCallbackMethod_Winners<Lottery::Service>>;

class LotteryService final : public LotteryBase {
 public:
  LotteryService(GroupLog& log, Agencies& agencies) : log_(log), agencies_(agencies) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Submit(
      grpc::CallbackServerContext* /*context*/) override {
    return SubmitStream::start(log_, agencies_);
  }

  grpc::ServerUnaryReactor* Winners(grpc::CallbackServerContext* context,
                                    const WinnersRequest* request, WinnersReply* reply) override {
    const Agencies::Agency agency = agencies_.of(request->agency());
    reply->set_bets(agency.bets);
    reply->mutable_documents()->Add(agency.winners.begin(), agency.winners.end());
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  GroupLog& log_;
  Agencies& agencies_;
};

void serve(const std::string& directory, std::uint64_t space_mib) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  Agencies agencies;
  GroupLog log(directory, space_mib * 1024 * 1024);
  LotteryService service(log, agencies);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  builder.AddChannelArgument(GRPC_ARG_OPTIMIZATION_TARGET, "throughput");
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_FRAME_SIZE, 1024 * 1024);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 4 * 1024 * 1024);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    throw std::runtime_error("cannot listen");
  }
  std::printf("port: %d\n", port);
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  server->Shutdown(std::chrono::system_clock::now());
  std::printf("bytes: %llu\n", static_cast<unsigned long long>(log.stop()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3 || std::string(argv[1]) == "--help") {
    std::fputs("usage: grpc_server DIR [SPACE_MIB]\n", argc == 2 ? stdout : stderr);
    return argc == 2 ? 0 : 2;
  }
  try {
    serve(argv[1], argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 2048);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "grpc_server: %s\n", error.what());
    return 1;
  }
}
