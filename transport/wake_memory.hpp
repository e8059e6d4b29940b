#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace sorteo {

/// Memory for the one wake-up of a session that is on its way at a time, so that waking allocates
/// nothing. Used by one thread at a time; the wake-ups follow one another.
class WakeMemory final {
 public:
  /// `size` bytes; from the heap when they are too many or the memory is in use.
  void* allocate(std::size_t size) {
    if (size > sizeof bytes_ || std::exchange(in_use_, true)) {
      return ::operator new(size);
    }
    return bytes_;
  }

  void deallocate(void* memory) noexcept {
    if (memory == bytes_) {
      in_use_ = false;
    } else {
      ::operator delete(memory);
    }
  }

 private:
  alignas(std::max_align_t) std::byte bytes_[128];
  bool in_use_ = false;
};

/// Gives a WakeMemory to Asio: "Associated allocators" in its documentation. Shares the memory,
/// because a wake-up may be on its way when its session has ended.
template <typename T>
class WakeAllocator {  // not final: Asio derives from it
 public:
  using value_type = T;

  explicit WakeAllocator(std::shared_ptr<WakeMemory> memory) noexcept
      : memory_(std::move(memory)) {}
  template <typename U>
  WakeAllocator(const WakeAllocator<U>& other) noexcept : memory_(other.memory()) {}

  T* allocate(std::size_t count) {
    static_assert(alignof(T) <= alignof(std::max_align_t));
    return static_cast<T*>(memory_->allocate(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t) noexcept { memory_->deallocate(memory); }

  const std::shared_ptr<WakeMemory>& memory() const noexcept { return memory_; }

  template <typename U>
  friend bool operator==(const WakeAllocator& a, const WakeAllocator<U>& b) noexcept {
    return a.memory() == b.memory();
  }

 private:
  std::shared_ptr<WakeMemory> memory_;
};

}  // namespace sorteo
