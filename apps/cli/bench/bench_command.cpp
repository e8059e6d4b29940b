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
#include "apps/cli/bench/server_survey.hpp"
#include "apps/cli/bench/winners_wait.hpp"
#include "apps/cli/interrupt.hpp"
#include "apps/cli/output_file.hpp"
#include "core/text.hpp"

namespace sorteo::cli {
namespace {

constexpr rlim_t kOtherFiles = 64;

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
    if (failure_) {
      return failed(*failure_);
    }
    return interrupted_by() != 0 ? interrupted_exit(interrupted_by()) : ExitCode::kOk;
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
    if (const auto surveyed = survey(); surveyed.has_error()) {
      return surveyed;
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

  Done survey() {
    const auto survey = survey_server(*server_, options_, data_.largest_batch());
    if (survey.has_error()) {
      return survey.error();
    }
    knows_version2_ = survey->knows_version2;
    expected_.before = survey->stored;
    report_.durability = survey->durability;
    if (survey->window != 0 && survey->window < options_.window) {
      console_.say("sorteo: the server's window is " + std::to_string(survey->window) +
                   ", and so is the one of this run");
      options_.window = survey->window;
    }
    if (knows_version2_ || options_.store.empty()) {
      return {};
    }
    const auto stored = count_in_store(read_store_, options_, console_);
    if (stored.has_error()) {
      return stored.error();
    }
    expected_.before = *stored;
    return {};
  }

  void announce() const {
    const std::string first = std::to_string(options_.first_agency);
    const std::string last = std::to_string(options_.first_agency + options_.agencies - 1);
    console_.say("sorteo: bench: stores bets that nobody has made at " + name_of(options_.server) +
                 (options_.agencies == 1 ? ", as agency " + first
                                         : ", as agencies " + first + " to " + last) +
                 (options_.winners ? ", and ends its draw" : "") +
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
    if (result.failure) {
      note(*result.failure);
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

  // Nothing when it could not be found out.
  std::optional<bool> agrees(const BenchResult<AgencyCounts>& found, const std::string& who) {
    if (found.has_error()) {
      note(found.error());
      return std::nullopt;
    }
    auto objection = expected_.objection(*found, who);
    if (objection) {
      note({ExitCode::kFailure, std::move(*objection)});
    }
    return !objection;
  }

  // The first failure is the one that the command ends with.
  void note(const BenchFailure& failure) {
    if (failure_) {
      console_.say("sorteo: " + failure.message);
    } else {
      failure_ = failure;
    }
  }

  void wait_for_winners() {
    auto told = cli::wait_for_winners(*server_, options_, expected_);
    if (told.has_error()) {
      note(told.error());
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
