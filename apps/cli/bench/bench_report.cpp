#include "apps/cli/bench/bench_report.hpp"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "apps/cli/progress_meter.hpp"

namespace sorteo::cli {
namespace {

using Json = nlohmann::ordered_json;

double microseconds(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count()) / 1e3;
}

double per_second(std::uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

std::string whole(double value) {
  return with_thousands(static_cast<std::uint64_t>(std::llround(value)));
}

std::string fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.*f", digits, value);
  return text;
}

std::string as_microseconds(std::chrono::nanoseconds time) {
  const double value = microseconds(time);
  return (value < 100 ? fixed(value, 1) : whole(value)) + " us";
}

double per_million(double seconds, std::uint64_t bets) {
  return bets > 0 ? seconds * 1e6 / static_cast<double>(bets) : 0;
}

std::string cpu_line(const char* who, double seconds, std::uint64_t bets) {
  return std::string(who) + " CPU: " + fixed(seconds, 2) + " s, " +
         fixed(per_million(seconds, bets), 4) + " s per million bets\n";
}

const char* word_of(Through through) { return through == Through::kSdk ? "sdk" : "wire"; }

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return with_thousands(count) + ' ' + (count == 1 ? one : many);
}

std::string load_line(const BenchOptions& options) {
  return "load: " + counted(options.connections, "connection", "connections") + " of " +
         counted(options.agencies, "agency", "agencies") + ", batches of " +
         counted(options.batch_bets, "bet", "bets") + ", window " + std::to_string(options.window) +
         ", protocol " + std::to_string(static_cast<int>(options.version)) + ", through " +
         word_of(options.through) +
         (options.rate ? ", " + with_thousands(*options.rate) + " bets/s" : std::string()) + '\n';
}

std::string latency_line(const LatencyHistogram& latencies) {
  return "latency of a batch: p50 " + as_microseconds(latencies.percentile(50)) + ", p90 " +
         as_microseconds(latencies.percentile(90)) + ", p99 " +
         as_microseconds(latencies.percentile(99)) + ", p99.9 " +
         as_microseconds(latencies.percentile(99.9)) + ", max " + as_microseconds(latencies.max()) +
         '\n';
}

std::string check_line(const BenchReport& report) {
  const auto word = [](const std::optional<bool>& agrees) {
    return std::string(!agrees ? "not known" : *agrees ? "agrees" : "DISAGREES");
  };
  return "acknowledged in all: " + with_thousands(report.acknowledged_bets) +
         " bets; the server's count: " + word(report.server_agrees) +
         "; the store: " + word(report.store_agrees) + '\n';
}

std::string idle_line(const BenchReport& report) {
  std::string line = "idle connections: " + with_thousands(report.options.idle_connections) +
                     ", of which " + with_thousands(report.idle_lost) +
                     " were closed by the server";
  if (report.idle_bytes) {
    line += "; " + whole(*report.idle_bytes) + " bytes of the server's memory each";
  }
  return line + '\n';
}

template <typename T>
Json value_or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json latency_json(const LatencyHistogram& latencies) {
  return {{"p50", microseconds(latencies.percentile(50))},
          {"p90", microseconds(latencies.percentile(90))},
          {"p99", microseconds(latencies.percentile(99))},
          {"p99_9", microseconds(latencies.percentile(99.9))},
          {"max", microseconds(latencies.max())}};
}

void add_load(Json& json, const BenchReport& report) {
  const BenchOptions& options = report.options;
  json["durability"] = report.durability.empty() ? Json(nullptr) : Json(report.durability);
  json["protocol"] = static_cast<int>(options.version);
  json["through"] = word_of(options.through);
  json["agencies"] = options.agencies;
  json["connections"] = options.connections;
  json["batch_bets"] = options.batch_bets;
  json["window"] = options.window;
  json["threads"] = options.through == Through::kSdk ? options.connections : options.threads;
  json["rate"] = value_or_null(options.rate);
  json["late_us_max"] = options.rate ? Json(microseconds(report.late)) : Json(nullptr);
  json["unsent_batches"] = options.rate ? Json(report.unsent) : Json(nullptr);
}

}  // namespace

std::string to_text(const BenchReport& report) {
  const std::uint64_t bets = report.counts.bets;
  std::string text = load_line(report.options) +
                     "durability: " + (report.durability.empty() ? "not told" : report.durability) +
                     "\nbets: " + with_thousands(bets) + " in " +
                     with_thousands(report.counts.batches) + " batches, acknowledged in " +
                     fixed(report.seconds, 2) +
                     " s\nthroughput: " + whole(per_second(bets, report.seconds)) + " bets/s, " +
                     fixed(per_second(report.counts.bytes, report.seconds) / 1e6, 1) + " MB/s\n" +
                     latency_line(report.latencies);
  if (report.options.rate) {
    text += "behind the schedule: " + as_microseconds(report.late) + " at most, " +
            with_thousands(report.unsent) + " batches never sent\n";
  }
  text += cpu_line("client", report.client_cpu_seconds, bets);
  if (report.server_cpu_seconds) {
    text += cpu_line("server", *report.server_cpu_seconds, bets);
  }
  if (report.server_peak_bytes) {
    text += "server memory: " + fixed(static_cast<double>(*report.server_peak_bytes) / 1048576, 1) +
            " MiB at most\n";
  }
  if (report.options.idle_connections > 0) {
    text += idle_line(report);
  }
  text += check_line(report);
  if (report.winners_seconds) {
    text += "winners: " + with_thousands(report.winners) + ", told to all agencies after " +
            fixed(*report.winners_seconds, 3) + " s\n";
  }
  return text;
}

std::string to_json(const BenchReport& report) {
  const std::uint64_t bets = report.counts.bets;
  const auto& server_cpu = report.server_cpu_seconds;
  Json json;
  json["bets"] = bets;
  json["batches"] = report.counts.batches;
  json["seconds"] = report.seconds;
  json["bets_per_second"] = per_second(bets, report.seconds);
  json["bytes_per_second"] = per_second(report.counts.bytes, report.seconds);
  json["latency_us"] = latency_json(report.latencies);
  json["client_cpu_seconds"] = report.client_cpu_seconds;
  json["client_cpu_seconds_per_million_bets"] = per_million(report.client_cpu_seconds, bets);
  json["server_cpu_seconds"] = value_or_null(server_cpu);
  json["server_cpu_seconds_per_million_bets"] =
      server_cpu ? Json(per_million(*server_cpu, bets)) : Json(nullptr);
  json["server_peak_bytes"] = value_or_null(report.server_peak_bytes);
  add_load(json, report);
  json["idle_connections"] = report.options.idle_connections;
  json["idle_connections_lost"] = report.idle_lost;
  json["server_bytes_per_idle_connection"] = value_or_null(report.idle_bytes);
  json["acknowledged_bets"] = report.acknowledged_bets;
  json["verified"] = {{"server", value_or_null(report.server_agrees)},
                      {"store", value_or_null(report.store_agrees)}};
  json["winners"] = report.winners_seconds ? Json(report.winners) : Json(nullptr);
  json["winners_seconds"] = value_or_null(report.winners_seconds);
  return json.dump(2) + '\n';
}

}  // namespace sorteo::cli
