#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sorteo {

/// The encoded replies of one session on their way out: one block is being written while the next
/// is filled. Not thread-safe.
class SendBuffer final {
 public:
  /// The block that is being filled; append to it.
  std::string& tail() noexcept { return tail_; }

  /// Whether a block is being written.
  bool is_sending() const noexcept { return !block_.empty(); }

  /// Starts the next block if none is being written and there is one. True when it did.
  bool begin() noexcept;

  /// What of the block is still to be written. Lives until advance() or release().
  std::string_view rest() const noexcept { return std::string_view(block_).substr(sent_); }

  /// The first `count` bytes of rest() have been written.
  void advance(std::size_t count) noexcept;

  /// All bytes not yet written.
  std::size_t size() const noexcept { return block_.size() - sent_ + tail_.size(); }

  /// Gives the memory back. Only when size() is 0.
  void release() noexcept;

 private:
  std::string block_;
  std::size_t sent_ = 0;
  std::string tail_;
};

}  // namespace sorteo
