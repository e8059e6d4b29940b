#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/cli/bench/answer_stream.hpp"
#include "apps/cli/endpoint.hpp"

namespace sorteo::cli {

/// What makes the load.
enum class Through : std::uint8_t {
  kWire,  ///< batches that are encoded before the clock starts
  kSdk,   ///< the client SDK, from bets in memory
};

struct BenchOptions {
  Endpoint server;
  std::uint32_t agencies = 5;
  std::uint32_t first_agency = 1;  ///< the agencies' numbers go up from here
  std::uint64_t connections = 5;   ///< each belongs to one agency
  std::uint32_t batch_bets = 100;  ///< bets in a batch
  std::uint64_t window = 64;       ///< batches of a connection without an answer, at most
  std::chrono::milliseconds duration{10'000};
  std::chrono::milliseconds warm_up{1'000};  ///< before that; not measured
  std::optional<std::uint64_t> rate;         ///< bets per second of an open loop
  WireVersion version = WireVersion::k2;
  Through through = Through::kWire;
  std::vector<std::string> csv;        ///< files of bets; none: made up
  std::uint64_t seed = 1;              ///< of those that are made up
  std::string store;                   ///< the server's store, to be read at the end
  bool winners = false;                ///< finish, and wait for the winners
  std::uint64_t threads = 1;           ///< of Through::kWire
  std::uint64_t idle_connections = 0;  ///< that say Hello and then nothing
  std::optional<pid_t> server_pid;     ///< to be told what it uses
  std::string json;                    ///< a file for the report as JSON; "-": standard output
  bool confirmed = false;              ///< go on where bets of these agencies are stored
  bool quiet = false;                  ///< no progress
  std::chrono::milliseconds progress_every{5'000};
  std::chrono::milliseconds timeout{30'000};  ///< without an answer

  std::uint32_t agency_of(std::uint64_t connection) const noexcept {
    return first_agency + static_cast<std::uint32_t>(connection % agencies);
  }
  bool is_known(std::uint32_t agency) const noexcept {
    return agency >= first_agency && agency - first_agency < agencies;
  }
};

}  // namespace sorteo::cli
