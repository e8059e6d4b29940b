#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/batch.hpp"

namespace sorteo::cli {

/// Bets as the lines of the exported form (docs/command-line.md, "export"): a line a bet, ended by
/// CR LF, a value quoted only where it holds a comma, a quote or a line break. Keeps its memory
/// when it is cleared. Not thread-safe.
class BetRows final {
 public:
  /// Appends the bets of `batch`. Throws std::bad_alloc, and has appended nothing then.
  void add(const Batch& batch);

  /// Lives until the next change.
  std::string_view text() const noexcept { return {text_.get(), size_}; }
  std::uint64_t bets() const noexcept { return bets_; }

  void clear() noexcept {
    size_ = 0;
    bets_ = 0;
  }

 private:
  void make_room(std::size_t bytes);

  std::unique_ptr<char[]> text_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::uint64_t bets_ = 0;
};

}  // namespace sorteo::cli
