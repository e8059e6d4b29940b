#pragma once

#include <boost/system/error_code.hpp>
#include <initializer_list>
#include <string>
#include <string_view>

#include "apps/cli/byte_sink.hpp"

namespace sorteo::cli {

/// Writes CSV, a line a row, ended by CR LF; a value is quoted only where it holds a comma, a quote
/// or a line break. Gathers rows and writes them in large pieces. Not thread-safe.
class CsvWriter final {
 public:
  /// `sink` must outlive the writer.
  explicit CsvWriter(ByteSink& sink);

  /// Takes a row. Once a write has failed, rows are dropped and every call returns that error.
  [[nodiscard]] boost::system::error_code write_row(std::initializer_list<std::string_view> values);

  /// Writes what was gathered. Rows that are not flushed are lost.
  [[nodiscard]] boost::system::error_code flush();

 private:
  ByteSink& sink_;
  std::string pending_;
  boost::system::error_code error_;
};

}  // namespace sorteo::cli
