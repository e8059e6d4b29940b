#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "benchmarks/limit/written_space.hpp"
#include "core/bytes.hpp"

namespace sorteo::peers {

/// Who is told that its batches are durable.
class GroupListener {
 public:
  virtual ~GroupListener() = default;

  /// All its batches up to `through` are durable. From the log's thread.
  virtual void durable(std::uint64_t through) = 0;
};

/// Appends batches to written space in groups: one thread writes and syncs one group while the next
/// one gathers. Thread-safe.
class GroupLog final {
 public:
  /// Where a listener stands in the group that gathers. Each listener keeps one.
  struct Place {
    std::uint64_t group = 0;
    std::size_t index = 0;
  };

  /// Makes `space_bytes` of written space in `directory` first.
  GroupLog(const std::string& directory, std::uint64_t space_bytes);
  ~GroupLog();
  GroupLog(const GroupLog&) = delete;
  GroupLog& operator=(const GroupLog&) = delete;

  /// Appends a record: a header, then `pieces`. `listener` is told once it is durable, only the
  /// highest `sequence` of a group.
  void append(std::uint32_t agency, std::span<const ByteView> pieces,
              const std::shared_ptr<GroupListener>& listener, std::uint64_t sequence, Place& place);

  /// Writes what has gathered, and ends. Returns how many bytes were written.
  std::uint64_t stop();

 private:
  struct Told {
    std::shared_ptr<GroupListener> listener;  // the stream may end before its group is durable
    std::uint64_t through;
  };
  struct Group {
    std::vector<std::byte> bytes;
    std::vector<Told> told;
  };

  void run();

  limit::WrittenSpace space_;
  std::mutex mutex_;
  std::condition_variable has_work_;
  Group gathering_;
  std::uint64_t number_ = 1;  // of the group that gathers
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace sorteo::peers
