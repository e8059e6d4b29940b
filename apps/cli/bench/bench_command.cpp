#include "apps/cli/bench/bench_command.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

#include "apps/cli/bench/bench_data.hpp"
#include "apps/cli/bench/bench_report.hpp"
#include "apps/cli/bench/bench_server.hpp"
#include "apps/cli/bench/count_check.hpp"
#include "apps/cli/bench/idle_crowd.hpp"
#include "apps/cli/bench/load_factory.hpp"
#include "apps/cli/bench/measuring.hpp"
#include "apps/cli/bench/winners_wait.hpp"
#include "apps/cli/interrupt.hpp"
#include "apps/cli/output_file.hpp"
#include "core/text.hpp"

namespace sorteo::cli {
namespace {

constexpr rlim_t kOtherFiles = 64;
constexpr std::size_t kAgencyBytes = 4;  // of a batch of version 1, before its Packets

std::string name_of(const Endpoint& server) {
  return server.host + ':' + std::to_string(server.port);
}

class Bench final {
 public:
  Bench(const BenchOptions& options, const ReadStore& read_store, Console& console)
      : options_(options), read_store_(read_store), console_(console) {}

  ExitCode run() {
    if (const auto prepared = prepare(); prepared.has_error()) {
      return failed(prepared.error());
    }
    const InterruptGuard guard;
    if (const auto done = load(); done.has_error()) {
      return failed(done.error());
    }
    check();
    if (options_.winners && !failure_) {
      wait_for_winners();
    }
    if (options_.server_pid) {
      if (const auto usage = usage_of(*options_.server_pid)) {
        report_.server_peak_bytes = usage->peak_bytes;
      }
    }
    if (const auto told = tell(); told.has_error()) {
      return failed(told.error());
    }
    return failure_ ? failed(*failure_) : ExitCode::kOk;
  }

 private:
  using Done = BenchResult<void>;

  // All that can be found wrong before anything is stored.
  Done prepare() {
    if (options_.server_pid && !usage_of(*options_.server_pid)) {
      return BenchFailure{ExitCode::kUsage, "--server-pid: there is nothing to read of process " +
                                                std::to_string(*options_.server_pid)};
    }
    if (const auto raised = raise_file_limit(); raised.has_error()) {
      return raised;
    }
    if (const auto loaded = data_.load(options_); loaded.has_error()) {
      return loaded;
    }
    auto server = BenchServer::find(options_.server, options_.timeout);
    if (server.has_error()) {
      return server.error();
    }
    server_.emplace(std::move(*server));
    if (const auto asked = ask_agencies(); asked.has_error()) {
      return asked;
    }
    announce();
    return {};
  }

  Done raise_file_limit() const {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const rlim_t wanted = options_.connections + options_.idle_connections + kOtherFiles;
    limit.rlim_cur = std::max(limit.rlim_cur, std::min(wanted, limit.rlim_max));
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < wanted) {
      return BenchFailure{ExitCode::kUsage, "so many connections need " + std::to_string(wanted) +
                                                " open files, and the system allows " +
                                                std::to_string(limit.rlim_max) + " (ulimit -n)"};
    }
    return {};
  }

  // What is stored already, and the limits of the server.
  Done ask_agencies() {
    for (std::uint32_t index = 0; index < options_.agencies; ++index) {
      const std::uint32_t agency = options_.first_agency + index;
      const auto welcome = server_->ask(agency);
      if (welcome.has_error()) {
        return options_.version == WireVersion::k1 ? ask_store() : Done(welcome.error());
      }
      if (const auto accepted = accept(agency, *welcome); accepted.has_error()) {
        return accepted;
      }
      expected_.before[agency] = welcome->agency_bets;
    }
    knows_version2_ = true;
    return {};
  }

  // A server of version 1 cannot be asked; its store can be read.
  Done ask_store() {
    if (const auto socket = server_->connect(); socket.has_error()) {
      return socket.error();
    }
    console_.say(
        "sorteo: the server does not say Welcome, so it cannot be asked what it has stored");
    if (options_.winners) {
      return BenchFailure{ExitCode::kUsage, "--winners: needs a server that knows version 2"};
    }
    if (!options_.store.empty()) {
      const auto counts = count_in_store(read_store_, options_, console_);
      if (counts.has_error()) {
        return counts.error();
      }
      expected_.before = *counts;
    }
    return {};
  }

  Done accept(std::uint32_t agency, const v2::Welcome& welcome) {
    const std::string whose = "agency " + std::to_string(agency);
    if (welcome.is_draw_held || welcome.has_finished) {
      return BenchFailure{
          ExitCode::kRefused,
          whose + (welcome.is_draw_held ? ": the draw has been held" : " has finished") +
              ", and the server takes no more bets"};
    }
    if (welcome.agency_bets > 0 && !options_.confirmed) {
      return BenchFailure{ExitCode::kUsage,
                          whose + " has " + std::to_string(welcome.agency_bets) +
                              " bets stored, to which more would be added; if that is not a real "
                              "draw, confirm it with --yes"};
    }
    const bool is_version1 = options_.version == WireVersion::k1;
    const std::uint32_t limit = is_version1 ? welcome.max_frame_bytes : welcome.max_batch_bytes;
    const std::size_t bytes = data_.largest_batch() + (is_version1 ? kAgencyBytes : 0);
    if (limit != 0 && bytes > limit) {
      return BenchFailure{ExitCode::kUsage, "--batch-bets: a batch has " + std::to_string(bytes) +
                                                " bytes, and the server takes " +
                                                std::to_string(limit)};
    }
    if (welcome.window != 0 && welcome.window < options_.window) {
      console_.say("sorteo: the server's window is " + std::to_string(welcome.window) +
                   ", and so is the one of this run");
      options_.window = welcome.window;
    }
    report_.durability = welcome.durability;
    return {};
  }

  void announce() const {
    const std::uint32_t last = options_.first_agency + options_.agencies - 1;
    console_.say("sorteo: bench: stores bets that nobody has made at " + name_of(options_.server) +
                 ", as agencies " + std::to_string(options_.first_agency) + " to " +
                 std::to_string(last) + (options_.winners ? ", and ends its draw" : "") +
                 "; never where a real draw is prepared");
    if (report_.durability != "fsync") {
      console_.say(
          "sorteo: warning: what this server acknowledges need not survive a power cut: "
          "its durability is " +
          (report_.durability.empty() ? "not told" : '"' + escaped(report_.durability) + '"'));
    }
  }

  Done load() {
    IdleCrowd idle;
    if (const auto opened = idle.open(*server_, options_); opened.has_error()) {
      return opened;
    }
    std::optional<Schedule> schedule;
    if (options_.rate) {
      schedule.emplace(static_cast<double>(*options_.rate) / options_.batch_bets,
                       options_.connections);
    }
    const auto loads = make_loads(*server_, options_, data_, schedule ? &*schedule : nullptr);
    if (loads.has_error()) {
      return loads.error();
    }
    const Measured measured = measure(*loads, options_, console_);
    report_.counts = measured.counts;
    report_.seconds = measured.seconds;
    report_.client_cpu_seconds = measured.client_cpu_seconds;
    report_.server_cpu_seconds = measured.server_cpu_seconds;
    report_.idle_bytes = idle.bytes_each();
    report_.idle_lost = idle.count_lost();
    for (const auto& load : *loads) {
      take(load->result());
    }
    return {};
  }

  void take(const LoadResult& result) {
    report_.latencies.merge(result.latencies);
    report_.late = std::max(report_.late, result.late);
    report_.unsent += result.unsent;
    expected_.unknown += result.begun_bets;
    for (const auto& [agency, bets] : result.acknowledged) {
      expected_.acknowledged[agency] += bets;
      report_.acknowledged_bets += bets;
      expected_.unknown -= bets;
    }
    if (result.failure && !failure_) {
      failure_ = result.failure;
    }
  }

  // Compares what was acknowledged with what is there.
  void check() {
    if (knows_version2_) {
      report_.server_agrees = agrees(count_at_server(*server_, options_), "the server");
    }
    if (!options_.store.empty()) {
      report_.store_agrees = agrees(count_in_store(read_store_, options_, console_), "the store");
    }
  }

  bool agrees(const BenchResult<AgencyCounts>& found, const std::string& who) {
    std::optional<BenchFailure> problem;
    if (found.has_error()) {
      problem = found.error();
    } else if (auto objection = expected_.objection(*found, who)) {
      problem = BenchFailure{ExitCode::kFailure, std::move(*objection)};
    }
    if (problem && failure_) {
      console_.say("sorteo: " + problem->message);
    } else if (problem) {
      failure_ = std::move(problem);
    }
    return !problem;
  }

  void wait_for_winners() {
    auto told = cli::wait_for_winners(*server_, options_, expected_);
    if (told.has_error()) {
      failure_ = told.error();
      return;
    }
    report_.winners = told->winners;
    report_.winners_seconds = told->seconds;
  }

  Done tell() {
    report_.options = options_;
    const std::string json = to_json(report_);
    if (!options_.json.empty() && options_.json != "-") {
      const auto file = OutputFile::create(options_.json, Overwrite::kYes);
      if (file.has_error()) {
        return BenchFailure{ExitCode::kFailure, file.error().message};
      }
      if ((*file)->write(json) || (*file)->commit()) {
        return BenchFailure{ExitCode::kFailure, options_.json + ": cannot be written"};
      }
    }
    if (const auto error = console_.data().write(options_.json == "-" ? json : to_text(report_))) {
      return BenchFailure{ExitCode::kFailure,
                          "standard output: cannot be written: " + error.message()};
    }
    return {};
  }

  ExitCode failed(const BenchFailure& failure) {
    console_.say("sorteo: " + failure.message);
    return failure.code;
  }

  BenchOptions options_;
  const ReadStore& read_store_;
  Console& console_;
  BenchData data_;
  std::optional<BenchServer> server_;
  bool knows_version2_ = false;
  ExpectedCounts expected_;
  BenchReport report_;
  std::optional<BenchFailure> failure_;
};

}  // namespace

ExitCode run_bench(const BenchOptions& options, const ReadStore& read_store, Console& console) {
  return Bench(options, read_store, console).run();
}

}  // namespace sorteo::cli
