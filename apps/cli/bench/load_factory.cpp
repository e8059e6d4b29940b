#include "apps/cli/bench/load_factory.hpp"

#include <utility>

#include "apps/cli/bench/sdk_load.hpp"
#include "apps/cli/bench/wire_load.hpp"
#include "client_sdk/random_session.hpp"

namespace sorteo::cli {
namespace {

// Batches are to be cut by their bets alone.
constexpr std::size_t kAnyBatchBytes = 16 * 1024 * 1024;

// A socket on which a session of version 2 has been welcomed, or one for version 1.
BenchResult<int> open_socket(const BenchServer& server, const BenchOptions& options,
                             std::uint32_t agency, const SessionId& session) {
  auto socket = server.connect();
  if (socket.has_error()) {
    return socket.error();
  }
  if (options.version == WireVersion::k2) {
    const auto welcome = server.greet(*socket, agency, session);
    if (welcome.has_error()) {
      return welcome.error();
    }
  }
  return socket->release_non_blocking();
}

BenchResult<Loads> make_wire_loads(const BenchServer& server, const BenchOptions& options,
                                   const BenchData& data, const Schedule* schedule) {
  std::vector<std::vector<WireConnection>> shares(options.threads);
  for (std::uint64_t number = 0; number < options.connections; ++number) {
    WireConnectionOptions how;
    how.version = options.version;
    how.agency = options.agency_of(number);
    how.number = number;
    how.session = client::random_session();
    how.window = options.window;
    how.batch_bets = options.batch_bets;
    how.schedule = schedule;
    const auto socket = open_socket(server, options, how.agency, how.session);
    if (socket.has_error()) {
      return socket.error();
    }
    shares[number % options.threads].emplace_back(*socket, how, data.batches(how.agency));
  }
  Loads loads;
  for (std::vector<WireConnection>& share : shares) {
    loads.push_back(std::make_unique<WireLoad>(std::move(share), WireLoadOptions{options.timeout}));
  }
  return loads;
}

Loads make_sdk_loads(const BenchServer& server, const BenchOptions& options, const BenchData& data,
                     const Schedule* schedule) {
  Loads loads;
  for (std::uint64_t number = 0; number < options.connections; ++number) {
    SdkLoadOptions how;
    how.client.host = server.address().address().to_string();
    how.client.port = server.address().port();
    how.client.agency = options.agency_of(number);
    how.client.protocol = options.version == WireVersion::k1 ? client::Protocol::kVersion1
                                                             : client::Protocol::kVersion2;
    how.client.max_batch_bets = options.batch_bets;
    how.client.max_batch_bytes = kAnyBatchBytes;
    how.client.window = options.window;
    how.client.answer_timeout = options.timeout;
    how.number = number;
    how.batch_bets = options.batch_bets;
    how.schedule = schedule;
    loads.push_back(std::make_unique<SdkLoad>(how, data.bets(how.client.agency).bets()));
  }
  return loads;
}

}  // namespace

BenchResult<Loads> make_loads(const BenchServer& server, const BenchOptions& options,
                              const BenchData& data, const Schedule* schedule) {
  if (options.through == Through::kSdk) {
    return make_sdk_loads(server, options, data, schedule);
  }
  return make_wire_loads(server, options, data, schedule);
}

}  // namespace sorteo::cli
