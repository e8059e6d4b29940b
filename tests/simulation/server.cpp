#include "tests/simulation/server.hpp"

#include <limits>
#include <utility>

#include "storage/memory_bet_store.hpp"
#include "storage/stored_bets.hpp"

namespace sorteo::simulation {
namespace {

using namespace std::chrono_literals;

constexpr const char* kPath = "store";
constexpr auto kGrace = 30ms;
constexpr std::uint64_t kManyCalls = std::uint64_t{1} << 60;
constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

/// Lines of the server's log, in the transcript.
class TranscriptLog final : public Log {
 public:
  explicit TranscriptLog(Transcript& transcript) noexcept : transcript_(transcript) {}
  bool enabled(LogLevel level) const noexcept override {
    return level >= LogLevel::kWarning && transcript_.is_read();
  }
  void write(LogLevel level, std::string_view line) noexcept override {
    if (enabled(level)) {
      transcript_.note([&] { return "log: " + std::string(line); });
    }
  }

 private:
  Transcript& transcript_;
};

test::DiskFault any_fault(Chance& chance) {
  static constexpr int kErrors[] = {EIO, ENOSPC, EINTR, 0};
  return {kErrors[chance.below(std::size(kErrors))], chance.happens(1, 3)};
}

}  // namespace

Server::Server(const ServerOptions& options, const ServerFaults& faults, Network& network,
               Model& model, Transcript& transcript, Chance chance)
    : options_(options),
      faults_(faults),
      network_(network),
      model_(model),
      transcript_(transcript),
      chance_(chance),
      disk_(chance_.next()),
      log_(std::make_unique<TranscriptLog>(transcript)) {}

Server::~Server() {
  is_running_ = false;
  process_.reset();
}

std::string Server::describe() const {
  static constexpr const char* kPhases[] = {"down", "running", "stopping"};
  return std::string("server: ") + kPhases[static_cast<int>(phase_)] + ", run " +
         std::to_string(run_);
}

void Server::note(const char* what) {
  transcript_.note([&] { return "server, run " + std::to_string(run_) + ": " + what; });
}

// An event of this run.
void Server::later(Scheduler::Duration delay, void (Server::*what)()) {
  network_.scheduler().after(delay, [this, what, run = run_] {
    if (run == run_) {
      (this->*what)();
    }
  });
}

void Server::start() { open(); }

// Plans what the disk does within the next calls, be they few or many.
void Server::arm() {
  disarm();
  const std::uint64_t most_calls = std::uint64_t{4} << chance_.below(7);
  if (is_calm_) {
    return;
  }
  if (chance_.happens(faults_.kills, 100)) {
    disk_.kill_at_call(chance_.between(1, most_calls));
  }
  if (chance_.happens(faults_.disk_faults, 100)) {
    disk_.fail_call(chance_.between(1, most_calls), any_fault(chance_));
  }
}

void Server::disarm() {
  disk_.heal();
  disk_.kill_at_call(kManyCalls);
}

boost::system::result<std::unique_ptr<FileBetStore>, StoreFailure> Server::open_store() {
  FileStoreOptions options;
  options.path = kPath;
  options.durability = options_.durability;
  options.segments = options_.segments;
  options.max_waiting_bytes = options_.max_waiting_bytes;
  options.own_thread = false;
  options.on_failed = [this] { has_failed_ = true; };
  return FileBetStore::open(std::move(options), *log_, disk_.files());
}

void Server::open() {
  if (options_.is_in_memory) {
    run(std::make_unique<MemoryBetStore>(), [] { return false; });
    return;
  }
  ++run_;
  has_failed_ = false;
  was_full_ = disk_.used() > 0 && was_full_;
  arm();
  auto opened = open_store();
  if (disk_.was_killed()) {
    note("killed while it opens its store");
    transcript_.count(Tally::kKilledOpening);
    opened = StoreFailure{};
    end_process(chance_.happens(faults_.power_cuts, 100));
    return;
  }
  if (opened.has_error()) {
    not_opened(opened.error());
    return;
  }
  disarm();
  model_.check_opened(**opened);
  verify(**opened);
  FileBetStore* const pumped = opened->get();
  run(std::move(*opened), [pumped] { return pumped->pump(); });
}

// Reads all of it beside the process, as an operator would.
void Server::verify(const BetStore& store) {
  const auto read = read_store(disk_.files(), kPath, nullptr);
  if (read.has_error()) {
    return model_.contradict("the store cannot be verified: " + read.error().message);
  }
  if (read->state.bets != store.recovered().bets ||
      read->state.finished != store.recovered().finished ||
      read->state.winning_number != store.recovered().winning_number || read->torn_tail) {
    model_.contradict("the store that was opened is not the one that is verified");
  }
}

void Server::not_opened(const StoreFailure& failure) {
  transcript_.count(Tally::kNotOpened);
  transcript_.note([&] { return "the store does not open: " + failure.message; });
  if (failure.code == StoreError::kDamaged || failure.code == StoreError::kLocked ||
      !(disk_.has_failed() || was_full_)) {
    model_.contradict("the store does not open: " + failure.message);
  }
  end_process(false);
}

void Server::run(std::unique_ptr<BetStore> store, std::function<bool()> pump) {
  note("runs");
  phase_ = Phase::kRunning;
  is_running_ = true;
  arm();
  process_ = std::make_unique<ServerProcess>(
      options_, std::move(store), std::move(pump),
      ServerProcess::Surroundings{network_, model_, transcript_, *log_, chance_.split(),
                                  [this] { return is_running_ && !disk_.was_killed(); },
                                  [this] { after_work(); }});
  process_->start();
  plan_run();
}

void Server::plan_run() {
  if (is_calm_ || options_.is_in_memory) {
    return;
  }
  if (chance_.happens(faults_.kills, 100)) {
    later(chance_.time_between(100us, 60ms), &Server::die);
  } else if (chance_.happens(faults_.drains, 100)) {
    later(chance_.time_between(100us, 60ms), &Server::stop);
  }
  if (faults_.may_be_full && chance_.happens(1, 2)) {
    later(chance_.time_between(100us, 30ms), &Server::fill_disk);
  }
}

void Server::fill_disk() {
  if (is_calm_) {
    return;
  }
  note("the disk is full");
  transcript_.count(Tally::kDiskFull);
  was_full_ = true;
  disk_.limit_to(disk_.used() + chance_.below(3000));
  network_.scheduler().after(chance_.time_between(1ms, 40ms), [this] {
    transcript_.note([] { return std::string("the disk has room again"); });
    disk_.limit_to(kNoLimit);
  });
}

void Server::after_work() {
  if (disk_.was_killed()) {
    later({}, &Server::die);
  } else if (has_failed_) {
    stop();
  }
}

// As at a signal, or when the store has failed.
void Server::stop() {
  if (phase_ != Phase::kRunning) {
    return;
  }
  note(has_failed_ ? "stops, its store has failed" : "is asked to stop");
  transcript_.count(has_failed_ ? Tally::kStoreFailed : Tally::kServerStopped);
  phase_ = Phase::kStopping;
  process_->drain();
  wait_for_drain(network_.scheduler().now() + chance_.time_between(0us, kGrace));
}

void Server::wait_for_drain(Scheduler::Time until) {
  if (process_->is_drained() || network_.scheduler().now() >= until) {
    later({}, &Server::close);
    return;
  }
  network_.scheduler().after(500us, [this, until, run = run_] {
    if (run == run_) {
      wait_for_drain(until);
    }
  });
}

void Server::close() {
  const auto failure = process_->close();
  if (disk_.was_killed()) {
    die();
    return;
  }
  if (failure && !has_failed_ && !disk_.has_failed() && !was_full_) {
    model_.contradict("the store does not close: " + failure->message);
  }
  note(failure ? "has ended, and could not close its store" : "has ended");
  end_process(false);
}

void Server::die() {
  if (phase_ == Phase::kDown) {
    return;
  }
  const bool is_power_cut = chance_.happens(faults_.power_cuts, 100);
  transcript_.count(is_power_cut ? Tally::kPowerCut : Tally::kServerKilled);
  note(is_power_cut ? "loses its power" : "is killed");
  end_process(is_power_cut);
}

// Whatever is left of the process has no effect any more.
void Server::end_process(bool is_power_cut) {
  is_running_ = false;
  phase_ = Phase::kDown;
  if (process_) {
    process_->vanish(is_power_cut);
    disk_.kill_at_call(1);
    process_.reset();
  }
  if (is_power_cut) {
    disk_.cut_power();
  } else {
    disk_.crash();
  }
  disarm();
  ++run_;
  later(chance_.time_between(100us, 20ms), &Server::open);
}

void Server::calm() {
  is_calm_ = true;
  disk_.limit_to(kNoLimit);
  disarm();
}

void Server::conclude() {
  model_.check(process_->store());
  if (options_.is_in_memory) {
    return;
  }
  if (const auto failure = process_->close()) {
    model_.contradict("the store does not close: " + failure->message);
  }
  is_running_ = false;
  process_.reset();
  disk_.crash();
  const auto opened = open_store();
  if (opened.has_error()) {
    return model_.contradict("the store does not open at the end: " + opened.error().message);
  }
  model_.check_opened(**opened);
  verify(**opened);
}

}  // namespace sorteo::simulation
