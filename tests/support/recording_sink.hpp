#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "core/responder.hpp"

namespace sorteo::test {

/// Stands in for a session: keeps the reply to each request. Thread-safe.
class RecordingSink final : public ReplySink {
 public:
  void deliver(std::uint64_t request, Reply reply) noexcept override;
  bool is_abandoned() const noexcept override { return abandoned_; }

  /// The peer has left.
  void abandon() noexcept { abandoned_ = true; }

  /// Every reply, in the order in which they came.
  std::vector<Reply> replies() const;

  /// The replies to one request: one, if all is well.
  std::vector<Reply> replies_to(std::uint64_t request) const;

 private:
  std::atomic<bool> abandoned_ = false;
  mutable std::mutex mutex_;
  std::vector<std::pair<std::uint64_t, Reply>> delivered_;
};

}  // namespace sorteo::test
