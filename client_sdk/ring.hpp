#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace sorteo::client {

/// A queue whose elements stay in memory when they are taken out, so that what they own, such as a
/// string's buffer, serves the next ones. It grows to what it has held at once, and takes no memory
/// after that. References live until an element is added. Not thread-safe.
template <typename T>
class Ring final {
 public:
  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }

  /// The element `at` places behind the first, which must be there; so must the first and the last.
  T& operator[](std::size_t at) noexcept { return slots_[place(at)]; }
  const T& operator[](std::size_t at) const noexcept { return slots_[place(at)]; }
  T& front() noexcept { return (*this)[0]; }
  const T& front() const noexcept { return (*this)[0]; }
  T& back() noexcept { return (*this)[size_ - 1]; }

  /// Sees to it that the next grow() needs no memory.
  void reserve_one() {
    if (size_ == slots_.size()) {
      make_room();
    }
  }

  /// Adds an element at the end, as an earlier one left it, or new.
  T& grow() {
    reserve_one();
    ++size_;
    return back();
  }

  /// Takes the first element out.
  void pop() noexcept {
    first_ = place(1);
    --size_;
  }

  void clear() noexcept { size_ = 0; }

 private:
  // A power of two, so that a place is found without a division.
  static constexpr std::size_t kFirstSlots = 16;

  std::size_t place(std::size_t at) const noexcept { return (first_ + at) & (slots_.size() - 1); }

  void make_room() {
    std::vector<T> more(slots_.empty() ? kFirstSlots : slots_.size() * 2);
    for (std::size_t at = 0; at < size_; ++at) {
      more[at] = std::move((*this)[at]);
    }
    slots_ = std::move(more);
    first_ = 0;
  }

  std::vector<T> slots_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace sorteo::client
