#include "tests/support/recording_sink.hpp"

#include <utility>

namespace sorteo::test {

void RecordingSink::deliver(std::uint64_t request, Reply reply) noexcept {
  const std::lock_guard lock(mutex_);
  delivered_.emplace_back(request, std::move(reply));
}

std::vector<Reply> RecordingSink::replies() const {
  const std::lock_guard lock(mutex_);
  std::vector<Reply> replies;
  for (const auto& [request, reply] : delivered_) {
    replies.push_back(reply);
  }
  return replies;
}

std::vector<Reply> RecordingSink::replies_to(std::uint64_t request) const {
  const std::lock_guard lock(mutex_);
  std::vector<Reply> replies;
  for (const auto& [of, reply] : delivered_) {
    if (of == request) {
      replies.push_back(reply);
    }
  }
  return replies;
}

}  // namespace sorteo::test
