#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "benchmarks/limit/byte_ring.hpp"
#include "benchmarks/limit/written_space.hpp"

namespace sorteo::limit {

/// Writes what gathers in some rings, in groups: all that is there in one go, and one fdatasync.
/// Meanwhile the next group gathers.
class GroupWriter final {
 public:
  /// A ring, and what is called, from the thread that runs, when bytes of it have become durable.
  struct Source {
    ByteRing* ring;
    std::function<void()> when_durable;
  };

  /// `space` and the rings outlive this.
  GroupWriter(WrittenSpace& space, std::vector<Source> sources);

  /// Works until stop().
  void run();

  /// A ring has been filled further. From any thread.
  void wake() noexcept;

  /// From any thread.
  void stop() noexcept;

 private:
  bool write_group();
  bool has_work() const noexcept;

  WrittenSpace& space_;
  const std::vector<Source> sources_;
  std::vector<std::uint64_t> ends_;  // of the group, in each ring
  std::atomic<bool> asleep_{false};
  std::atomic<bool> stopped_{false};
};

}  // namespace sorteo::limit
