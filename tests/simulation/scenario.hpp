#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulation/chance.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/scheduler.hpp"
#include "tests/simulation/sdk_client.hpp"
#include "tests/simulation/server.hpp"

namespace sorteo::simulation {

/// Who takes part in a simulation, and what goes wrong in it. Each seed has some of the faults and
/// not others, so that those which would hide behind others come out, too (Groce et al., "Swarm
/// testing", ISSTA 2012).
struct Scenario {
  ServerOptions server;
  ServerFaults server_faults;
  NetworkFaults network_faults;
  std::vector<SdkClientOptions> sdk_clients;
  std::uint32_t plain_batches = 0;  ///< of a client of version 1; 0 for none
  bool has_hostile_client = false;
  std::uint32_t client_crashes = 0;
  Scheduler::Duration faults_end{};  ///< since the start

  std::string describe() const;
};

Scenario make_scenario(Chance& chance);

}  // namespace sorteo::simulation
