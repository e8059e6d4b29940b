#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/bet_store.hpp"

namespace sorteo {

/// Which changes a store takes: no bets from an agency that has finished, none after the draw.
/// Every store asks it in the order in which the changes come. Not thread-safe.
///
/// A finish or a draw counts from when it is asked for. Until the store has settled its record,
/// those who ask for the same again wait with it, and a record that fails is taken back.
class StoreRules final {
 public:
  using Completion = BetStore::Completion;

  enum class Verdict {
    kRecord,   ///< new: record it and settle it
    kWait,     ///< its record is under way: wait_for_* it
    kSettled,  ///< recorded before
  };

  StoreRules() = default;
  explicit StoreRules(const StoreState& recovered);

  /// Why no batch of this kind is taken. Errors: kDrawHeld, kAgencyFinished, kTooLarge.
  boost::system::error_code check(const Batch& batch) const;

  Verdict finish(std::uint32_t agency);
  /// Takes `done`. Throws std::bad_alloc, and has not taken it then.
  void wait_for_finish(std::uint32_t agency, Completion& done);
  /// The record of the agency's finish has succeeded or not. Moves those who waited to the end of
  /// `waiting`.
  void settle_finish(std::uint32_t agency, bool success, std::vector<Completion>& waiting);

  /// Errors: kDrawHeld, for another number.
  boost::system::result<Verdict> hold_draw(std::uint32_t winning_number);
  void wait_for_draw(Completion& done);
  void settle_draw(bool success, std::vector<Completion>& waiting);

 private:
  struct Change {
    bool settled = false;
    std::vector<Completion> waiting;
  };
  struct HeldDraw {
    std::uint32_t winning_number;
    Change change;
  };

  static Verdict verdict(const Change& change) noexcept;
  static void settle(Change& change, std::vector<Completion>& waiting);

  std::map<std::uint32_t, Change> finished_;
  std::optional<HeldDraw> draw_;
};

}  // namespace sorteo
