#include "storage/block_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace sorteo {
namespace {

constexpr std::align_val_t kAlignment{File::kBlock};

// For moving the bytes up by less than a block, and for the padding of the last one.
constexpr std::size_t kSpare = 2 * File::kBlock;

}  // namespace

void BlockBuffer::Free::operator()(std::byte* data) const noexcept {
  ::operator delete[](data, kAlignment);
}

void BlockBuffer::make_room(std::size_t more) {
  const std::size_t needed = begin_ + size_ + more + kSpare;
  if (needed <= capacity_) {
    return;
  }
  const std::size_t capacity = File::whole_blocks(std::max(needed, capacity_ + capacity_ / 2));
  std::unique_ptr<std::byte[], Free> data(
      static_cast<std::byte*>(::operator new[](capacity, kAlignment)));
  if (size_ > 0) {
    std::memcpy(data.get() + begin_, data_.get() + begin_, size_);
  }
  data_ = std::move(data);
  capacity_ = capacity;
}

std::span<std::byte> BlockBuffer::extend(std::size_t more) {
  make_room(more);
  const std::span<std::byte> added(data_.get() + begin_ + size_, more);
  size_ += more;
  return added;
}

void BlockBuffer::drop_front(std::size_t count) noexcept {
  begin_ += count;
  size_ -= count;
}

void BlockBuffer::clear(std::size_t phase) noexcept {
  begin_ = phase;
  size_ = 0;
}

void BlockBuffer::swap(BlockBuffer& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(capacity_, other.capacity_);
  std::swap(begin_, other.begin_);
  std::swap(size_, other.size_);
}

void BlockBuffer::align(std::size_t phase) noexcept {
  std::size_t begin = begin_ - begin_ % File::kBlock + phase;
  // Up from the first block only: so the spare room is enough, however often this is called.
  if (begin > begin_ && begin >= File::kBlock) {
    begin -= File::kBlock;
  }
  if (begin != begin_ && size_ > 0) {
    std::memmove(data_.get() + begin, data_.get() + begin_, size_);
  }
  begin_ = begin;
}

BlockBuffer::Frame::Frame(BlockBuffer& buffer, std::size_t count, ByteView head) noexcept {
  const std::size_t size = File::whole_blocks(head.size() + count);
  blocks_ = {buffer.data_.get() + buffer.begin_ - head.size(), size};
  padding_ = blocks_.subspan(head.size() + count);
  std::ranges::copy(head, blocks_.begin());
  std::ranges::copy(padding_, covered_);
  std::ranges::fill(padding_, std::byte{0});
}

BlockBuffer::Frame::~Frame() {
  std::ranges::copy(std::span(covered_).first(padding_.size()), padding_.begin());
}

}  // namespace sorteo
