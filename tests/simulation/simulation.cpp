#include "tests/simulation/simulation.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "tests/simulation/hostile_client.hpp"
#include "tests/simulation/plain_client.hpp"
#include "tests/simulation/scenario.hpp"
#include "tests/simulation/sdk_client.hpp"
#include "tests/simulation/server.hpp"

namespace sorteo::simulation {
namespace {

using namespace std::chrono_literals;

Scenario make_scenario(Chance& chance, const Disguise& disguise) {
  Scenario scenario = simulation::make_scenario(chance);
  scenario.server.disguise = disguise;
  return scenario;
}

// After the faults have ended, and far more than it takes.
constexpr Scheduler::Duration kPatience = 20s;
constexpr std::uint64_t kMostSteps = 500'000;

class Simulation final {
 public:
  Simulation(std::uint64_t seed, std::ostream* out, const Disguise& disguise);

  Outcome run();

 private:
  void add_clients();
  void plan_crashes();
  void calm();
  bool is_done() const;
  void play();
  std::string describe() const;

  Chance chance_;
  const Scenario scenario_;
  Scheduler scheduler_;
  Transcript transcript_;
  Network network_;
  Model model_;
  BetMaker bets_;
  Server server_;
  std::vector<std::unique_ptr<Client>> clients_;
  bool is_calm_ = false;
};

Simulation::Simulation(std::uint64_t seed, std::ostream* out, const Disguise& disguise)
    : chance_(seed),
      scenario_(make_scenario(chance_, disguise)),
      transcript_(scheduler_, out),
      network_(scheduler_, chance_.split()),
      model_(scenario_.server.agencies, BetMaker::kWinningNumber),
      bets_(model_, chance_.split()),
      server_(scenario_.server, scenario_.server_faults, network_, model_, transcript_,
              chance_.split()) {
  transcript_.note([this] { return scenario_.describe(); });
  network_.faults = scenario_.network_faults;
  add_clients();
}

void Simulation::add_clients() {
  const ClientSurroundings surroundings{network_, model_, bets_, transcript_};
  for (const SdkClientOptions& options : scenario_.sdk_clients) {
    clients_.push_back(std::make_unique<SdkClient>(options, surroundings, chance_.split()));
  }
  std::uint32_t agency = scenario_.server.agencies - (scenario_.plain_batches > 0 ? 1 : 0);
  if (scenario_.plain_batches > 0) {
    clients_.push_back(std::make_unique<PlainClient>(++agency, scenario_.plain_batches,
                                                     surroundings, chance_.split()));
  }
  if (scenario_.has_hostile_client) {
    clients_.push_back(std::make_unique<HostileClient>(++agency, surroundings, chance_.split()));
  }
}

void Simulation::plan_crashes() {
  for (std::uint32_t crash = 0; crash < scenario_.client_crashes; ++crash) {
    Client& client = *clients_[chance_.below(clients_.size())];
    scheduler_.after(chance_.time_between(0us, scenario_.faults_end),
                     [&client] { client.crash(); });
  }
}

void Simulation::calm() {
  transcript_.note([] { return std::string("the faults have ended"); });
  is_calm_ = true;
  network_.faults = {};
  server_.calm();
  for (const auto& client : clients_) {
    client->calm();
  }
}

bool Simulation::is_done() const {
  return is_calm_ && server_.is_up() &&
         std::ranges::all_of(clients_, [](const auto& client) { return client->is_done(); });
}

void Simulation::play() {
  const Scheduler::Duration end = scenario_.faults_end + kPatience;
  while (model_.contradiction().empty() && !is_done()) {
    if (!scheduler_.step() || scheduler_.elapsed() > end || scheduler_.steps() > kMostSteps) {
      model_.contradict("it does not come to its end: " + describe());
    }
  }
}

Outcome Simulation::run() {
  server_.start();
  for (const auto& client : clients_) {
    client->start();
  }
  plan_crashes();
  scheduler_.after(scenario_.faults_end, [this] { calm(); });
  play();
  if (model_.contradiction().empty()) {
    server_.conclude();
  }
  return {model_.contradiction(), scheduler_.steps(), transcript_.tally()};
}

std::string Simulation::describe() const {
  std::string text = server_.describe();
  for (const auto& client : clients_) {
    text += "; " + client->describe();
  }
  return text;
}

}  // namespace

Outcome simulate(std::uint64_t seed, std::ostream* transcript) {
  return simulate(seed, transcript, {});
}

Outcome simulate(std::uint64_t seed, std::ostream* transcript, const Disguise& disguise) {
  return Simulation(seed, transcript, disguise).run();
}

}  // namespace sorteo::simulation
