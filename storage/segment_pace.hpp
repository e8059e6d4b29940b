#pragma once

#include <algorithm>

namespace sorteo {

/// Says which segments are worth writing ahead. Those that are filled faster than they can be
/// written are not: to write them takes more from the commits than it spares them. From time to
/// time it is tried again. Not thread-safe.
class SegmentPace final {
 public:
  /// Whether the next segment is to be written ahead. Asked once for each that is made ahead.
  bool next_is_written() noexcept {
    is_written_ = left_ == 0;
    left_ -= is_written_ ? 0 : 1;
    return is_written_;
  }

  /// A segment is needed now; `is_late`, if it is still being made.
  void note_need(bool is_late) noexcept {
    if (!is_written_) {
      return;
    }
    pause_ = is_late ? std::min(2 * pause_ + 1, kLongestPause) : 0;
    left_ = pause_;
    is_written_ = false;
  }

 private:
  static constexpr int kLongestPause = 7;

  bool is_written_ = false;  // the last one was to be written, and has not been needed yet
  int pause_ = 0;            // how many are not written after the last that was late
  int left_ = 0;             // of them
};

}  // namespace sorteo
