#pragma once

#include <string_view>

#include "apps/cli/byte_sink.hpp"

namespace sorteo::cli {

/// What a command says, and to whom: data to standard output, everything else to standard error.
class Console {
 public:
  virtual ~Console() = default;

  /// Standard output, for data alone.
  virtual ByteSink& data() = 0;

  /// One line for a person or a script that reads the log, to standard error.
  virtual void say(std::string_view line) = 0;

  /// How many columns the terminal at standard error has; 0 when there is none.
  virtual unsigned columns() const = 0;

  /// Replaces the progress line at the bottom of the terminal; empty takes it away. Only where
  /// there are columns.
  virtual void show_progress(std::string_view line) = 0;
};

}  // namespace sorteo::cli
