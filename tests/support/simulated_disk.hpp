#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "storage/file_system.hpp"
#include "tests/support/seeded_random.hpp"
#include "tests/support/simulated_tree.hpp"

namespace sorteo::test {

class SimulatedProcess;

/// How a call to a SimulatedDisk fails.
struct DiskFault {
  /// An errno; 0 for a read or a write that does only a part of what it was asked for. After EIO
  /// the call may have had a part of its effect, or all of it. A sync that fails with anything but
  /// EINTR may have given up what it was to write (SimulatedInode::fail_sync).
  int error = 0;
  /// Whether every later call fails in the same way.
  bool for_good = false;
  /// The call itself is only short, if it is a read or a write, and what fails is the next one: so
  /// a disk says that it is full.
  bool begins_short = false;
};

/// Files in a directory tree, each by its path.
using DiskImage = std::map<std::string, std::string>;

/// A disk in memory that keeps what it promises and nothing else: after a power cut only what was
/// synced is there for sure, sector by sector (SimulatedInode) and name by name (SimulatedTree).
/// What a seed leaves open (what survives, what a failed call did), it decides, and the order of
/// the calls: the same calls find the same disk. Programs reach it through files(). Thread-safe.
class SimulatedDisk final {
 public:
  explicit SimulatedDisk(std::uint64_t seed = 0);
  /// Holds `image`, all of it durable.
  SimulatedDisk(const DiskImage& image, std::uint64_t seed);
  ~SimulatedDisk();
  SimulatedDisk(const SimulatedDisk&) = delete;
  SimulatedDisk& operator=(const SimulatedDisk&) = delete;

  /// As the program that runs now sees it. Lives as long as the disk, but once the program has
  /// crashed every call fails with EBADF and does nothing: what is left of the program in memory
  /// may be destroyed at leisure.
  const FileSystem& files() const noexcept;

  /// Kills the program: what it has written is there for the next one, its locks are gone.
  void crash();
  /// Kills the program and the machine: what is not synced may be lost (class comment).
  void cut_power();

  /// The `n`th call from now, from 1, fails so.
  void fail_call(std::uint64_t n, DiskFault fault);
  /// No call fails any more.
  void heal();
  /// Whether the call that was to fail has come.
  bool has_failed() const;
  /// What that call was, for messages: `write_at var/bets`.
  std::string failed_call() const;

  /// The program is killed in the midst of its `n`th call from now, from 1, which may have had a
  /// part of its effect, or all of it. It learns it by errors from then on; crash() or cut_power()
  /// brings the next program.
  void kill_at_call(std::uint64_t n);
  bool was_killed() const;

  /// How many calls the program has made, failed ones too.
  std::uint64_t calls() const;

  /// Writes a line for every call, failure, crash and power cut, to look at one case. `out` must
  /// outlive the disk.
  void trace_to(std::ostream& out);

  /// The files may hold so many bytes together. A write over it stops short, then fails with
  /// ENOSPC.
  void limit_to(std::uint64_t bytes);
  std::uint64_t used() const;

  /// What programs see.
  DiskImage image() const;

 private:
  friend class SimulatedProcess;
  friend class SimulatedFile;

  enum class Verdict { kGo, kShort, kFail, kFailAfter };

  // These are called with the mutex held.
  Verdict begin(const SimulatedProcess& process, const char* call, const std::string& path,
                boost::system::error_code& error);
  std::uint64_t room() const;
  void note(const char* what, const std::string& path = {}) const;
  void start_process();

  mutable std::mutex mutex_;
  SeededRandom random_;
  SimulatedTree tree_;
  std::vector<std::unique_ptr<SimulatedProcess>> processes_;  // the last one runs
  std::map<const SimulatedInode*, const SimulatedProcess*> locks_;
  std::uint64_t calls_ = 0;
  std::uint64_t fault_at_ = 0;  // 0 for never
  DiskFault fault_;
  std::string failed_call_;
  std::uint64_t kill_at_ = 0;  // 0 for never
  std::ostream* trace_ = nullptr;
  std::uint64_t capacity_ = std::numeric_limits<std::uint64_t>::max();
};

}  // namespace sorteo::test
