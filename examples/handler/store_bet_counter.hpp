#pragma once

#include <cstdint>
#include <functional>

#include "core/bet_store.hpp"
#include "examples/handler/bet_counter.hpp"

namespace sorteo::example {

/// Counts by going through the whole store, in the background.
class StoreBetCounter final : public BetCounter {
 public:
  /// Runs a task later, on a thread that may block.
  using Background = std::function<void(std::function<void()>)>;

  /// `store` must outlive the background's last task, and so must this.
  StoreBetCounter(const BetStore& store, Background background);

  void count(std::uint32_t agency, Completion done) override;

 private:
  const BetStore& store_;
  const Background background_;
};

}  // namespace sorteo::example
