// The gRPC peer's client (benchmarks/README.md).

#include <lottery.grpc.pb.h>

#include <cstdio>
#include <deque>
#include <stdexcept>
#include <vector>

#include "benchmarks/peers/common/bet_batches.hpp"
#include "benchmarks/peers/common/client_main.hpp"
#include "benchmarks/peers/common/load_options.hpp"
#include "benchmarks/peers/common/meter.hpp"
#include "benchmarks/peers/grpc/submit_call.hpp"

namespace {

using namespace sorteo::peers;

void check_winners(wire::Lottery::Stub& stub, std::uint32_t agency, const BetBatches& batches,
                   std::uint64_t sent, std::uint64_t bets) {
  grpc::ClientContext context;
  wire::WinnersRequest request;
  wire::WinnersReply reply;
  request.set_agency(agency);
  const grpc::Status status = stub.Winners(&context, request, &reply);
  if (!status.ok()) {
    throw std::runtime_error("Winners: " + status.error_message());
  }
  if (reply.bets() != bets ||
      static_cast<std::uint64_t>(reply.documents_size()) != expected_winners(batches, sent)) {
    throw std::runtime_error("the server stored something else than what it acknowledged");
  }
}

void run(const LoadOptions& options) {
  const auto batches = read_bets_of_all(options.csv, options.connections, options.batch_bets);
  Meter meter(options);
  std::deque<SubmitCall> calls;
  for (unsigned i = 0; i < options.connections; ++i) {
    calls.emplace_back(SubmitCall::Options{i + 1, options.window, options.mode == "ready"},
                       batches[i], meter, meter.lane(i));
  }
  for (SubmitCall& call : calls) {
    call.start(options.server);
  }
  meter.run();
  const auto stub = wire::Lottery::NewStub(make_channel(options.server));
  for (unsigned i = 0; i < options.connections; ++i) {
    const grpc::Status status = calls[i].wait();
    if (!status.ok()) {
      throw std::runtime_error("Submit: " + status.error_message());
    }
    check_winners(*stub, i + 1, batches[i], calls[i].acknowledged(), meter.lane(i).total_bets());
  }
  std::printf("%s\n", meter.result("grpc").c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return client_main(argc, argv,
                     "Loads the gRPC server. Modes: ready, messages are "
                     "serialised before; memory, built from bets",
                     {"ready", "memory"}, run);
}
