#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "core/handler.hpp"

namespace sorteo {

/// Which handler serves which type byte: a table of 256 slots that `main` fills, and that nobody
/// changes afterwards, so the I/O threads read it without a lock.
class HandlerRegistry final {
 public:
  /// Gives `type` to `handler`.
  /// Throws std::invalid_argument when the type is taken, naming both handlers, or when `handler`
  /// is null: a wrong start-up, not a run-time condition.
  void add(std::uint8_t type, std::unique_ptr<Handler> handler);

  /// The handler of `type`; null when nobody serves it. Thread-safe once `main` has filled the
  /// table.
  Handler* find(std::uint8_t type) const noexcept { return handlers_[type].get(); }

 private:
  std::array<std::unique_ptr<Handler>, 256> handlers_;
};

}  // namespace sorteo
