#include "benchmarks/peers/common/meter.hpp"

#include <nlohmann/json.hpp>
#include <thread>

#include "apps/cli/bench/process_usage.hpp"
#include "benchmarks/peers/common/process_usage.hpp"

namespace sorteo::peers {
namespace {

double microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

}  // namespace

void Meter::Lane::acknowledged(std::uint64_t bets, Clock::time_point sent,
                               Clock::time_point now) noexcept {
  total_bets_ += bets;
  if (meter_.measuring_.load(std::memory_order_relaxed)) {
    bets_ += bets;
    latencies_.record(now - sent);
  }
}

Meter::Meter(const LoadOptions& options) : options_(options) {
  for (unsigned i = 0; i < options.connections; ++i) {
    lanes_.emplace_back(*this);
  }
}

void Meter::run() {
  std::this_thread::sleep_for(std::chrono::duration<double>(options_.warm_up_seconds));
  const double client_before = cli::own_cpu_seconds();
  const double server_before = cpu_seconds_of(options_.server_pid);
  const auto begin = Clock::now();
  measuring_ = true;
  std::this_thread::sleep_for(std::chrono::duration<double>(options_.duration_seconds));
  measuring_ = false;
  seconds_ = std::chrono::duration<double>(Clock::now() - begin).count();
  client_cpu_seconds_ = cli::own_cpu_seconds() - client_before;
  server_cpu_seconds_ = cpu_seconds_of(options_.server_pid) - server_before;
  ended_ = true;
}

std::uint64_t Meter::total_bets() const noexcept {
  std::uint64_t total = 0;
  for (const Lane& lane : lanes_) {
    total += lane.total_bets_;
  }
  return total;
}

std::string Meter::result(const std::string& peer) const {
  cli::LatencyHistogram latencies;
  std::uint64_t bets = 0;
  for (const Lane& lane : lanes_) {
    latencies.merge(lane.latencies_);
    bets += lane.bets_;
  }
  const double millions = static_cast<double>(bets) / 1e6;
  nlohmann::ordered_json json;
  json["peer"] = peer;
  json["bets"] = bets;
  json["bets_total"] = total_bets();
  json["seconds"] = seconds_;
  json["bets_per_second"] = static_cast<double>(bets) / seconds_;
  json["latency_us"] = {{"p50", microseconds(latencies.percentile(50))},
                        {"p99", microseconds(latencies.percentile(99))}};
  json["client_cpu_seconds_per_million_bets"] = bets > 0 ? client_cpu_seconds_ / millions : 0;
  if (options_.server_pid > 0) {
    json["server_cpu_seconds_per_million_bets"] = bets > 0 ? server_cpu_seconds_ / millions : 0;
  }
  json["client_peak_bytes"] = own_peak_bytes();
  return json.dump();
}

}  // namespace sorteo::peers
