#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace sorteo {

template <typename Signature, std::size_t Capacity = 64>
class UniqueFunction;

/// A move-only callable that is kept in place: it never allocates, and what does not fit in
/// `Capacity` bytes does not compile. For callbacks that own a Responder, which std::function
/// cannot hold because it copies.
///
/// Calling an empty one is undefined; test it with `if (function)`. Not thread-safe.
template <typename R, typename... Args, std::size_t Capacity>
class UniqueFunction<R(Args...), Capacity> final {
 public:
  UniqueFunction() noexcept = default;

  template <typename F, typename Stored = std::decay_t<F>>
  requires(!std::is_same_v<Stored, UniqueFunction> && std::is_invocable_r_v<R, Stored&, Args...>)
      UniqueFunction(F&& function)  // implicit, so that a lambda can be passed as it stands
      : operations_(&kOperations<Stored>) {
    static_assert(sizeof(Stored) <= Capacity, "the callable captures too much to be kept in place");
    static_assert(alignof(Stored) <= alignof(std::max_align_t));
    static_assert(std::is_nothrow_move_constructible_v<Stored>);
    std::construct_at(reinterpret_cast<Stored*>(storage_), std::forward<F>(function));
  }

  UniqueFunction(UniqueFunction&& other) noexcept { take(other); }

  UniqueFunction& operator=(UniqueFunction&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }

  UniqueFunction(const UniqueFunction&) = delete;
  UniqueFunction& operator=(const UniqueFunction&) = delete;

  ~UniqueFunction() { reset(); }

  explicit operator bool() const noexcept { return operations_ != nullptr; }

  R operator()(Args... args) { return operations_->call(storage_, std::forward<Args>(args)...); }

 private:
  struct Operations {
    R (*call)(void* stored, Args... args);
    void (*move)(void* from, void* to) noexcept;
    void (*destroy)(void* stored) noexcept;
  };

  template <typename Stored>
  static constexpr Operations kOperations = {
      [](void* stored, Args... args) -> R {
        if constexpr (std::is_void_v<R>) {
          static_cast<void>((*static_cast<Stored*>(stored))(std::forward<Args>(args)...));
        } else {
          return (*static_cast<Stored*>(stored))(std::forward<Args>(args)...);
        }
      },
      [](void* from, void* to) noexcept {
        std::construct_at(static_cast<Stored*>(to), std::move(*static_cast<Stored*>(from)));
        std::destroy_at(static_cast<Stored*>(from));
      },
      [](void* stored) noexcept { std::destroy_at(static_cast<Stored*>(stored)); },
  };

  void take(UniqueFunction& other) noexcept {
    if (other.operations_ != nullptr) {
      other.operations_->move(other.storage_, storage_);
      operations_ = std::exchange(other.operations_, nullptr);
    }
  }

  void reset() noexcept {
    if (operations_ != nullptr) {
      std::exchange(operations_, nullptr)->destroy(storage_);
    }
  }

  const Operations* operations_ = nullptr;
  alignas(std::max_align_t) std::byte storage_[Capacity];
};

}  // namespace sorteo
