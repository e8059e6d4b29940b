#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/bytes.hpp"
#include "storage/file.hpp"

namespace sorteo {

/// A part of a file in memory, moved over the file from its beginning to its end. Holds no more
/// than the larger of `kChunk` and what was asked for at once.
class FileWindow final {
 public:
  static constexpr std::size_t kChunk = 256 * 1024;

  /// Sees `file`, which must outlive it, up to `end`.
  FileWindow(const File& file, std::uint64_t end) noexcept : file_(file), end_(end) {}

  /// The bytes at `offset`: at least `size` of them, or all up to the end if those are fewer. They
  /// live until the next call. Errors: what the system said.
  boost::system::result<ByteView> at(std::uint64_t offset, std::size_t size);

  /// Forgets what it has read, so that it is read again.
  void forget() noexcept { held_ = 0; }

  std::uint64_t end() const noexcept { return end_; }

  /// The memory that it takes up.
  std::size_t capacity() const noexcept { return buffer_.capacity(); }

 private:
  const File& file_;
  const std::uint64_t end_;
  std::vector<std::byte> buffer_;
  std::uint64_t start_ = 0;  // in the file, of the buffer
  std::size_t held_ = 0;     // of the buffer
};

/// Behind the last byte, from `from` on, that is not zero; `from` when all of them are. Errors:
/// what the system said.
boost::system::result<std::uint64_t> end_of_content(FileWindow& window, std::uint64_t from);

/// Whether all bytes are zero.
bool is_zero(ByteView bytes) noexcept;

}  // namespace sorteo
