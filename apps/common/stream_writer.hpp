#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string_view>

namespace sorteo {

/// Writes text to a file descriptor, and gives up when it is told to: a reader who stalls would
/// else be waited for for ever.
class StreamWriter final {
 public:
  /// The descriptor is not closed.
  explicit StreamWriter(int descriptor) noexcept;

  /// Writes `text`, and drops it when it cannot be written. One thread at a time.
  void write(std::string_view text) const noexcept;

  /// From now on writing ends `patience` after this call, and what is left is dropped. Thread-safe.
  void hurry(std::chrono::milliseconds patience) noexcept;

 private:
  bool wait_until_writable() const noexcept;

  const int descriptor_;
  const std::size_t max_write_;
  std::atomic<std::chrono::steady_clock::time_point> deadline_{
      std::chrono::steady_clock::time_point::max()};
};

}  // namespace sorteo
