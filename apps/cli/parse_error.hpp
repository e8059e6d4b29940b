#pragma once

#include <string>

namespace sorteo::cli {

/// What is wrong with a text that stands for something, as a sentence that quotes it.
struct ParseError {
  std::string message;

  friend bool operator==(const ParseError&, const ParseError&) = default;
};

}  // namespace sorteo::cli
