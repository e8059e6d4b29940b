#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "core/bytes.hpp"
#include "storage/file.hpp"

namespace sorteo {

/// Bytes that go to a file in whole blocks (File::kBlock): they stand in memory as they will in the
/// file, so many bytes behind the start of a block, with room around them for what makes the first
/// and the last block whole. Filled and emptied again and again, it keeps its memory. Not
/// thread-safe.
class BlockBuffer final {
 public:
  BlockBuffer() = default;
  BlockBuffer(const BlockBuffer&) = delete;
  BlockBuffer& operator=(const BlockBuffer&) = delete;

  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  std::span<std::byte> bytes() noexcept { return {data_.get() + begin_, size_}; }

  /// Makes room for so many bytes more. Throws std::bad_alloc, and has changed nothing then.
  void make_room(std::size_t more);
  /// So many bytes more at the end, to be filled. Throws nothing if room was made.
  std::span<std::byte> extend(std::size_t more);

  /// Takes away the first bytes.
  void drop_front(std::size_t count) noexcept;
  /// Takes away all. What comes next begins `phase` bytes behind the start of a block.
  void clear(std::size_t phase = 0) noexcept;

  void swap(BlockBuffer& other) noexcept;

  /// Moves the bytes, if they are not there, so that they begin `phase` behind the start of a
  /// block.
  void align(std::size_t phase) noexcept;

  /// Whole blocks with a start and an end that are not the buffer's.
  class Frame final {
   public:
    /// The first `count` bytes of `buffer`, with `head`, which is as long as their phase, in front,
    /// and zeros behind. `buffer` is not to be used while this lives; then it has its bytes again.
    Frame(BlockBuffer& buffer, std::size_t count, ByteView head) noexcept;
    ~Frame();
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

    ByteView blocks() const noexcept { return blocks_; }

   private:
    std::span<std::byte> blocks_;
    std::span<std::byte> padding_;
    std::byte covered_[File::kBlock];  // what stands in the place of the padding
  };

 private:
  struct Free {
    void operator()(std::byte* data) const noexcept;
  };

  std::unique_ptr<std::byte[], Free> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t size_ = 0;
};

}  // namespace sorteo
