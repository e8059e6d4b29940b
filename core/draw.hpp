#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "core/bet_store.hpp"
#include "core/log.hpp"

namespace sorteo {

struct DrawOptions {
  std::uint32_t agencies = 5;           ///< the draw is held when so many have finished
  std::uint32_t winning_number = 7574;  ///< a bet wins whose number equals it, as numbers
};

/// The draw: which agencies have finished, whether it has been held, and who won.
///
/// It is held once, as soon as enough agencies have finished: recorded in the store first, which
/// then takes no more bets, and computed from the store afterwards, so that a restart finds the
/// same winners, unless the store has kept them. A draw that the store had recorded keeps its own
/// winning number, whatever the options say.
///
/// Thread-safe. The store's callbacks use the draw: it must outlive the store's last one.
class Draw final {
 public:
  /// Runs a task later, on a thread that may block.
  using Background = std::function<void(std::function<void()>)>;

  /// Takes up the state that `store` recovered. References must outlive the draw.
  Draw(DrawOptions options, BetStore& store, Background background, Log& log);
  Draw(const Draw&) = delete;
  Draw& operator=(const Draw&) = delete;

  /// Called once, when the draw has been held and winners_of() has winners, from a thread that may
  /// block or from resume(). Must not throw. Set it before resume().
  void on_held(std::function<void()> told) { on_held_ = std::move(told); }

  /// Holds the draw if it is due, or makes its winners known again if it had been held. Call it
  /// before the first request, and again from time to time: so a draw that failed is tried again.
  void resume();

  /// With which a bet wins.
  std::uint32_t winning_number() const noexcept { return winning_number_; }

  /// Whether the draw has been held, so that no more bets are taken. Its winners may still be being
  /// computed.
  bool is_recorded() const;

  /// Whether `agency` is known to have finished.
  bool has_finished(std::uint32_t agency) const;

  /// Takes note that the store has recorded that `agency` finished; the last one needed sets off
  /// the draw. Again for the same agency: sets off a draw that failed before, and else does
  /// nothing. Throws std::bad_alloc, and has noted nothing then.
  void agency_finished(std::uint32_t agency);

  /// The documents of the winners of `agency`, in the order in which its bets were stored; nothing
  /// while the draw has not been held. The view lives as long as the draw.
  std::optional<std::span<const std::uint32_t>> winners_of(std::uint32_t agency) const;

 private:
  enum class Phase { kOpen, kRecording, kComputing, kHeld };

  void hold_if_due();
  void recorded(boost::system::error_code error) noexcept;
  void compute_later() noexcept;
  void compute_winners() noexcept;
  void publish(WinnersByAgency winners) noexcept;
  void keep_winners() noexcept;
  template <typename Why>
  void give_up(Why why) noexcept;

  const DrawOptions options_;
  BetStore& store_;
  const Background background_;
  Log& log_;
  std::function<void()> on_held_;
  const std::uint32_t winning_number_;

  mutable std::mutex mutex_;
  Phase phase_ = Phase::kOpen;
  bool is_recorded_ = false;
  std::set<std::uint32_t> finished_;
  WinnersByAgency winners_;  // constant once kHeld
};

}  // namespace sorteo
