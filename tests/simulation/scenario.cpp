#include "tests/simulation/scenario.hpp"

#include <algorithm>

namespace sorteo::simulation {
namespace {

using namespace std::chrono_literals;

// Half of the scenarios have none of a kind of fault.
std::uint32_t some(Chance& chance, std::uint32_t most) {
  return chance.happens(1, 2) ? 0 : static_cast<std::uint32_t>(chance.between(1, most));
}

NetworkFaults make_network_faults(Chance& chance) {
  NetworkFaults faults;
  faults.most_delay = chance.time_between(50us, 3ms);
  faults.most_chunk = chance.happens(1, 3) ? chance.between(1, 64) : 4096;
  faults.resets = some(chance, 40);
  faults.silences = some(chance, 10);
  faults.lost_connects = some(chance, 50);
  faults.refused_connects = some(chance, 50);
  return faults;
}

ServerFaults make_server_faults(Chance& chance) {
  ServerFaults faults;
  faults.kills = some(chance, 80);
  faults.power_cuts = some(chance, 100);
  faults.disk_faults = some(chance, 60);
  faults.drains = some(chance, 80);
  faults.may_be_full = chance.happens(1, 4);
  return faults;
}

Durability any_durability(Chance& chance) {
  switch (chance.below(6)) {
    case 0:
      return Durability::kInterval;
    case 1:
      return Durability::kOs;
    default:
      return Durability::kFsync;
  }
}

SdkClientOptions make_sdk_client(std::uint32_t agency, Chance& chance) {
  SdkClientOptions options;
  options.agency = agency;
  options.batches = static_cast<std::uint32_t>(chance.between(0, 10));
  options.has_outbox = chance.happens(2, 3);
  options.window = chance.between(1, 6);
  options.servers = chance.happens(1, 4) ? 2 : 1;
  options.crashes = options.has_outbox ? some(chance, 60) : 0;
  options.oversized = chance.happens(1, 4) ? 10 : 0;
  return options;
}

}  // namespace

Scenario make_scenario(Chance& chance) {
  Scenario scenario;
  const auto sdk_clients = static_cast<std::uint32_t>(chance.between(1, 3));
  for (std::uint32_t agency = 1; agency <= sdk_clients; ++agency) {
    scenario.sdk_clients.push_back(make_sdk_client(agency, chance));
  }
  if (chance.happens(1, 4)) {
    scenario.sdk_clients.front().counts_alone = false;
    scenario.sdk_clients.push_back(make_sdk_client(1, chance));
    scenario.sdk_clients.back().is_branch = true;
  }
  scenario.plain_batches = some(chance, 4);
  scenario.has_hostile_client = chance.happens(1, 2);
  scenario.client_crashes = some(chance, 4);
  scenario.server.is_in_memory = chance.happens(1, 16);
  scenario.server.durability = any_durability(chance);
  scenario.server.agencies = sdk_clients + (scenario.plain_batches > 0 ? 1 : 0);
  scenario.server.max_requests_in_flight = chance.between(1, 8);
  scenario.server.max_waiting = chance.between(1, 6);
  scenario.server.most_pause = chance.time_between(20us, 2ms);
  scenario.server.max_waiting_bytes = chance.happens(1, 4) ? chance.between(200, 1000) : 1 << 20;
  scenario.server.segments.first = std::uint64_t{512} << chance.below(4);
  scenario.server.segments.most = scenario.server.segments.first << chance.below(3);
  scenario.server_faults = make_server_faults(chance);
  if (scenario.server.durability != Durability::kFsync) {
    // Then a failed disk or a power cut may take along what was acknowledged.
    scenario.server_faults.power_cuts = scenario.server_faults.disk_faults = 0;
  }
  scenario.network_faults = make_network_faults(chance);
  scenario.faults_end = chance.time_between(5ms, 200ms);
  return scenario;
}

std::string Scenario::describe() const {
  std::string text;
  for (const SdkClientOptions& each : sdk_clients) {
    text += "agency " + std::to_string(each.agency) + ": " + std::to_string(each.batches) +
            " batches" + (each.has_outbox ? ", outbox" : "") +
            (each.is_branch ? ", a branch" : "") + (each.oversized > 0 ? ", some too large" : "") +
            "; ";
  }
  const auto add = [&text](const char* name, std::uint64_t value) {
    text += std::string(name) + " " + std::to_string(value) + "; ";
  };
  add("batches of version 1", plain_batches);
  add("hostile clients", has_hostile_client ? 1 : 0);
  add("client crashes", client_crashes);
  add("durability", static_cast<std::uint64_t>(server.durability));
  add("server window", server.max_requests_in_flight);
  add("kills %", server_faults.kills);
  add("power cuts %", server_faults.power_cuts);
  add("disk faults %", server_faults.disk_faults);
  add("drains %", server_faults.drains);
  add("full disks", server_faults.may_be_full ? 1 : 0);
  add("resets per mille", network_faults.resets);
  add("silences per mille", network_faults.silences);
  add("faults end at us", static_cast<std::uint64_t>(faults_end.count()));
  return text;
}

}  // namespace sorteo::simulation
