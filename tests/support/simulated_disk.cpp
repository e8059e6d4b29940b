#include "tests/support/simulated_disk.hpp"

#include <algorithm>
#include <cerrno>
#include <ostream>

#include "tests/support/simulated_process.hpp"

namespace sorteo::test {

SimulatedDisk::SimulatedDisk(std::uint64_t seed) : random_(seed) { start_process(); }

SimulatedDisk::SimulatedDisk(const DiskImage& image, std::uint64_t seed) : SimulatedDisk(seed) {
  for (const auto& [path, content] : image) {
    tree_.put(path, content);
  }
}

SimulatedDisk::~SimulatedDisk() = default;

void SimulatedDisk::start_process() {
  if (!processes_.empty()) {
    processes_.back()->is_alive_ = false;
  }
  processes_.push_back(std::make_unique<SimulatedProcess>(*this));
  locks_.clear();
  kill_at_ = 0;
}

const FileSystem& SimulatedDisk::files() const noexcept {
  const std::lock_guard lock(mutex_);
  return *processes_.back();
}

void SimulatedDisk::crash() {
  const std::lock_guard lock(mutex_);
  note("crash");
  start_process();
  for (const auto& [path, file] : tree_.files()) {
    if (random_.chance(50)) {
      file->drop_cache();
    }
  }
}

void SimulatedDisk::cut_power() {
  const std::lock_guard lock(mutex_);
  note("power cut");
  start_process();
  constexpr unsigned kSurvival[] = {0, 10, 50, 90, 100};
  tree_.cut_power(random_, kSurvival[random_.below(5)]);
  const unsigned of_sectors = kSurvival[random_.below(5)];
  for (const auto& [path, file] : tree_.files()) {
    file->cut_power(random_, of_sectors);
  }
}

void SimulatedDisk::fail_call(std::uint64_t n, DiskFault fault) {
  const std::lock_guard lock(mutex_);
  fault_at_ = calls_ + n;
  fault_ = fault;
  failed_call_.clear();
}

void SimulatedDisk::heal() {
  const std::lock_guard lock(mutex_);
  fault_at_ = 0;
}

bool SimulatedDisk::has_failed() const {
  const std::lock_guard lock(mutex_);
  return !failed_call_.empty();
}

std::string SimulatedDisk::failed_call() const {
  const std::lock_guard lock(mutex_);
  return failed_call_;
}

void SimulatedDisk::kill_at_call(std::uint64_t n) {
  const std::lock_guard lock(mutex_);
  kill_at_ = calls_ + n;
}

bool SimulatedDisk::was_killed() const {
  const std::lock_guard lock(mutex_);
  return !processes_.back()->is_alive_;
}

std::uint64_t SimulatedDisk::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

void SimulatedDisk::trace_to(std::ostream& out) {
  const std::lock_guard lock(mutex_);
  trace_ = &out;
}

void SimulatedDisk::limit_to(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  capacity_ = bytes;
}

std::uint64_t SimulatedDisk::used() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t bytes = 0;
  for (const auto& [path, file] : tree_.files()) {
    bytes += file->content().size();
  }
  return bytes;
}

DiskImage SimulatedDisk::image() const {
  const std::lock_guard lock(mutex_);
  DiskImage image;
  for (const auto& [path, file] : tree_.files()) {
    image[path] = file->content();
  }
  return image;
}

std::uint64_t SimulatedDisk::room() const {
  if (capacity_ == std::numeric_limits<std::uint64_t>::max()) {
    return capacity_;
  }
  std::uint64_t bytes = 0;
  for (const auto& [path, file] : tree_.files()) {
    bytes += file->content().size();
  }
  return capacity_ - std::min(capacity_, bytes);
}

void SimulatedDisk::note(const char* what, const std::string& path) const {
  if (trace_ != nullptr) {
    *trace_ << calls_ << ' ' << what << ' ' << path << '\n';
  }
}

// Counts a call, and says whether it goes on as it should, goes on in part, fails having done
// nothing, or fails although it did something.
SimulatedDisk::Verdict SimulatedDisk::begin(const SimulatedProcess& process, const char* call,
                                            const std::string& path,
                                            boost::system::error_code& error) {
  const auto fail = [&error](int code) {
    error.assign(code, boost::system::system_category());
    return Verdict::kFail;
  };
  if (!process.is_alive_) {
    return fail(EBADF);
  }
  ++calls_;
  note(call, path);
  if (calls_ == kill_at_) {
    note("killed");
    processes_.back()->is_alive_ = false;
    fail(EBADF);
    return random_.chance(50) ? Verdict::kFail : Verdict::kFailAfter;
  }
  const std::uint64_t last = fault_at_ + (fault_.begins_short ? 1 : 0);
  if (fault_at_ == 0 || calls_ < fault_at_ || (calls_ > last && !fault_.for_good)) {
    return Verdict::kGo;
  }
  note("fails");
  if (failed_call_.empty()) {
    failed_call_ = std::string(call) + " " + path;
  }
  if (fault_.error == 0 || (fault_.begins_short && calls_ == fault_at_)) {
    return Verdict::kShort;
  }
  fail(fault_.error);
  return fault_.error == EIO && random_.chance(50) ? Verdict::kFailAfter : Verdict::kFail;
}

}  // namespace sorteo::test
