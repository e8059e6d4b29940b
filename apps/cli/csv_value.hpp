#pragma once

#include <cstddef>
#include <string_view>

namespace sorteo::cli {

/// The most bytes that a value of `size` bytes takes up in CSV.
constexpr std::size_t most_csv_bytes(std::size_t size) noexcept { return 2 * size + 2; }

/// Writes `value` as it stands in a line of CSV (docs/command-line.md, "export"): quoted only where
/// it holds a comma, a quote or a line break. `to` has room for most_csv_bytes(). Returns the end.
char* write_csv_value(char* to, std::string_view value) noexcept;

}  // namespace sorteo::cli
