// The Redis peer's client (benchmarks/README.md).

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "benchmarks/peers/common/bet_batches.hpp"
#include "benchmarks/peers/common/client_main.hpp"
#include "benchmarks/peers/common/connection_threads.hpp"
#include "benchmarks/peers/common/load_options.hpp"
#include "benchmarks/peers/common/meter.hpp"
#include "benchmarks/peers/redis/redis_connection.hpp"
#include "core/text.hpp"

namespace {

using namespace sorteo::peers;

std::string key_of(unsigned connection) { return "bets:" + std::to_string(connection + 1); }

// One RPUSH of a batch, a bet in each value, as bytes of the protocol.
std::string rpush(const std::string& key, const std::vector<sorteo::Bet>& bets) {
  const auto bulk = [](const std::string& value) {
    return '$' + std::to_string(value.size()) + "\r\n" + value + "\r\n";
  };
  std::string command = '*' + std::to_string(bets.size() + 2) + "\r\n" + bulk("RPUSH") + bulk(key);
  for (const sorteo::Bet& bet : bets) {
    command += bulk(csv_line(bet));
  }
  return command;
}

// All batches, one behind the other, so that some that follow each other leave in one write.
struct Commands {
  std::string bytes;
  std::vector<std::size_t> ends;

  std::size_t begin_of(std::size_t at) const { return at == 0 ? 0 : ends[at - 1]; }
};

Commands make_commands(const std::string& key, const BetBatches& batches) {
  Commands commands;
  for (const auto& bets : batches) {
    commands.bytes += rpush(key, bets);
    commands.ends.push_back(commands.bytes.size());
  }
  return commands;
}

// Keeps a window of batches in flight. Returns how many were sent, all of them acknowledged.
std::uint64_t load(const LoadOptions& options, unsigned connection, const BetBatches& batches,
                   const Meter& meter, Meter::Lane& lane) {
  const Commands commands = make_commands(key_of(connection), batches);
  RedisConnection redis(options.server);
  std::vector<Clock::time_point> sent_at(options.window);
  std::uint64_t sent = 0;
  std::uint64_t acknowledged = 0;
  while (true) {
    while (!meter.has_ended() && sent - acknowledged < options.window) {
      const std::size_t at = sent % batches.size();
      const std::size_t count =
          std::min<std::size_t>(options.window - (sent - acknowledged), batches.size() - at);
      const std::size_t begin = commands.begin_of(at);
      const auto now = Clock::now();
      for (std::size_t i = 0; i < count; ++i) {
        sent_at[sent++ % options.window] = now;
      }
      redis.send(
          std::string_view(commands.bytes).substr(begin, commands.ends[at + count - 1] - begin));
    }
    if (sent == acknowledged) {
      return sent;
    }
    const std::uint64_t received = redis.receive();
    const auto now = Clock::now();
    for (std::uint64_t i = 0; i < received; ++i, ++acknowledged) {
      lane.acknowledged(batches[acknowledged % batches.size()].size(),
                        sent_at[acknowledged % options.window], now);
    }
  }
}

// Reads the list back, and counts those that won.
void check_winners(const LoadOptions& options, unsigned connection, std::uint64_t bets,
                   std::uint64_t expected) {
  constexpr long long kAtOnce = 20000;
  RedisConnection redis(options.server);
  std::uint64_t found = 0;
  std::uint64_t winners = 0;
  for (long long from = 0;; from += kAtOnce) {
    const auto reply =
        redis.ask("LRANGE %s %lld %lld", key_of(connection).c_str(), from, from + kAtOnce - 1);
    for (std::size_t i = 0; i < reply->elements; ++i) {
      const std::string_view line(reply->element[i]->str, reply->element[i]->len);
      winners += sorteo::parse_decimal(line.substr(line.rfind(',') + 1)) == kWinningNumber ? 1 : 0;
    }
    found += reply->elements;
    if (reply->elements < static_cast<std::size_t>(kAtOnce)) {
      break;
    }
  }
  if (found != bets || winners != expected) {
    throw std::runtime_error("the server stored something else than what it acknowledged");
  }
}

void run(const LoadOptions& options) {
  const auto batches = read_bets_of_all(options.csv, options.connections, options.batch_bets);
  Meter meter(options);
  std::vector<std::uint64_t> sent(options.connections);
  run_connections(
      options.connections,
      [&](unsigned i) { sent[i] = load(options, i, batches[i], meter, meter.lane(i)); },
      [&] { meter.run(); });
  for (unsigned i = 0; i < options.connections; ++i) {
    check_winners(options, i, meter.lane(i).total_bets(), expected_winners(batches[i], sent[i]));
  }
  std::printf("%s\n", meter.result("redis").c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return client_main(argc, argv, "Loads Redis. Its only mode: ready, commands are made before",
                     {"ready"}, run);
}
