#pragma once

#include <cstddef>
#include <vector>

#include "client_sdk/deadline.hpp"

namespace sorteo::client {

/// Whose turn it is among several servers.
class ServerTurn final {
 public:
  /// `servers` is one at least; the first begins.
  explicit ServerTurn(std::size_t servers) : not_before_(servers) {}

  std::size_t count() const noexcept { return not_before_.size(); }
  std::size_t current() const noexcept { return current_; }
  /// The current server wants no visit before.
  Clock::time_point not_before() const noexcept { return not_before_[current_]; }

  /// The current server wants no visit before `time`.
  void put_off(Clock::time_point time) noexcept { not_before_[current_] = time; }

  /// Goes to the next server; to the one after it when that has asked for more patience, and so on.
  void advance(Clock::time_point now) noexcept {
    const std::size_t from = current_;
    current_ = (from + 1) % count();
    for (std::size_t step = 2; step <= count(); ++step) {
      const std::size_t candidate = (from + step) % count();
      if (not_before_[current_] > now && not_before_[candidate] < not_before_[current_]) {
        current_ = candidate;
      }
    }
  }

 private:
  std::vector<Clock::time_point> not_before_;
  std::size_t current_ = 0;
};

}  // namespace sorteo::client
