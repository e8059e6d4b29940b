// How many bets a second the client SDK gets acknowledged by a server, from bets in memory.
//
//   sdk_throughput PORT CLIENTS SECONDS WINDOW [single] [OUTBOX_PREFIX]
//
// Each client is of an agency of its own and runs in a thread of its own. `single` submits bet for
// bet, instead of ranges of 10,000. Prints bets a second, and of this program's whole CPU the
// nanoseconds a bet, user and system.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/benchmark_bets.hpp"
#include "benchmarks/counted_new.hpp"
#include "client_sdk/client.hpp"

namespace sorteo::client {
namespace {

using Clock = std::chrono::steady_clock;

struct Task {
  std::uint16_t port = 0;
  std::chrono::seconds duration{1};
  std::size_t window = 16;
  bool is_single = false;
  std::string outbox_prefix;
};

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void die_of(const Failure& failure) {
  std::fprintf(stderr, "%s\n", failure.message.c_str());
  std::exit(1);
}

void submit(Client& client, const std::vector<Bet>& bets, bool is_single) {
  if (!is_single) {
    if (const auto submitted = client.submit_all(bets); submitted.failure) {
      die_of(*submitted.failure);
    }
    return;
  }
  for (const Bet& bet : bets) {
    if (const auto failure = client.submit(bet)) {
      die_of(*failure);
    }
  }
}

// The bets that were acknowledged.
std::uint64_t run(const Task& task, std::uint32_t agency) {
  Options options;
  options.host = "127.0.0.1";
  options.port = task.port;
  options.agency = agency;
  options.window = task.window;
  options.protocol = Protocol::kVersion2;
  if (!task.outbox_prefix.empty()) {
    options.outbox = OutboxOptions();
    options.outbox->path = task.outbox_prefix + std::to_string(agency);
  }
  Client client(options);
  const std::vector<Bet> bets = benchmarks::benchmark_bets(10'000);
  for (const auto end = Clock::now() + task.duration; Clock::now() < end;) {
    submit(client, bets, task.is_single);
  }
  if (const auto failure = client.flush()) {
    die_of(*failure);
  }
  return client.progress().bets_stored;
}

void report(std::uint64_t bets, double seconds, std::uint64_t allocations) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const double count = static_cast<double>(bets);
  std::printf(
      "bets: %llu | bets/s: %.0f | user: %.1f ns/bet | system: %.1f ns/bet | "
      "allocations: %.2f/100 bets | waits: %ld | peak memory: %ld KiB\n",
      static_cast<unsigned long long>(bets), count / seconds,
      seconds_of(usage.ru_utime) / count * 1e9, seconds_of(usage.ru_stime) / count * 1e9,
      static_cast<double>(allocations) / count * 100, usage.ru_nvcsw, usage.ru_maxrss);
}

}  // namespace
}  // namespace sorteo::client

int main(int argc, char** argv) {
  using namespace sorteo::client;
  if (argc < 5) {
    std::fprintf(stderr, "sdk_throughput PORT CLIENTS SECONDS WINDOW [single] [OUTBOX_PREFIX]\n");
    return 2;
  }
  Task task;
  task.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  task.duration = std::chrono::seconds(std::atoi(argv[3]));
  task.window = static_cast<std::size_t>(std::atoi(argv[4]));
  for (int at = 5; at < argc; ++at) {
    if (std::strcmp(argv[at], "single") == 0) {
      task.is_single = true;
    } else {
      task.outbox_prefix = argv[at];
    }
  }
  std::vector<std::uint64_t> stored(static_cast<std::size_t>(std::atoi(argv[2])));
  const auto allocations = sorteo::benchmarks::allocations();
  const auto begin = Clock::now();
  {
    std::vector<std::jthread> threads;
    for (std::size_t at = 0; at < stored.size(); ++at) {
      threads.emplace_back([&, at] { stored[at] = run(task, static_cast<std::uint32_t>(at + 1)); });
    }
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::uint64_t bets = 0;
  for (const std::uint64_t of_one : stored) {
    bets += of_one;
  }
  report(bets, seconds, sorteo::benchmarks::allocations() - allocations);
}
