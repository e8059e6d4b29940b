#pragma once

#include <cstdint>
#include <string_view>

#include "core/handler.hpp"
#include "core/log.hpp"
#include "examples/handler/bet_counter.hpp"

namespace sorteo::example {

/// The type byte of BetCount, in the request and in its answer.
inline constexpr std::uint8_t kBetCount = 0x80;

/// Serves BetCount: the request's payload is `agency:u32`, the answer's is `bets:u64`.
/// Thread-safe, without state of its own.
class BetCountHandler final : public Handler {
 public:
  /// Both must outlive the counter's last callback.
  BetCountHandler(BetCounter& counter, Log& log) noexcept : counter_(counter), log_(log) {}

  std::string_view name() const noexcept override { return "BetCountHandler"; }
  void handle(const Request& request, Responder responder) override;

 private:
  BetCounter& counter_;
  Log& log_;
};

}  // namespace sorteo::example
