#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "apps/cli/byte_source.hpp"
#include "apps/cli/csv_reader.hpp"
#include "core/bet.hpp"

namespace sorteo::cli {

/// A line that is no bet. Reading goes on with the next.
struct BadLine {
  std::uint64_t line = 0;  ///< from 1
  std::string message;     ///< what is wrong with it

  friend bool operator==(const BadLine&, const BadLine&) = default;
};

/// A bet, BadLine in its place, CsvEnd, or why nothing more can be read. The views of the bet live
/// until the next one is asked for.
using BetItem = std::variant<BetView, BadLine, CsvEnd, InputError>;

/// Reads the bets of one agency from CSV: `first_name,last_name,document,birthdate,number`, without
/// a header, each bet checked. Empty lines at the end are passed over; anywhere else they are bad.
/// So, in a file without bad lines, bet N is line N: a bet holds no line break. Not thread-safe.
class BetReader final {
 public:
  /// `source` must outlive the reader.
  explicit BetReader(ByteSource& source);

  /// What comes next. After CsvEnd or InputError, do not ask again.
  BetItem next();

 private:
  CsvItem next_filled_line();

  CsvReader csv_;
  std::optional<CsvItem> held_;  // what follows empty lines that are still to be reported
  std::uint64_t empty_line_ = 0;
  std::uint64_t empty_lines_ = 0;
};

}  // namespace sorteo::cli
