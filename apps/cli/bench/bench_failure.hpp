#pragma once

#include <boost/system/result.hpp>
#include <string>

#include "apps/cli/exit_code.hpp"

namespace sorteo::cli {

/// Why a measurement is none.
struct BenchFailure {
  ExitCode code = ExitCode::kFailure;
  std::string message;  ///< a sentence for a person

  friend bool operator==(const BenchFailure&, const BenchFailure&) = default;
};

template <typename T>
using BenchResult = boost::system::result<T, BenchFailure>;

}  // namespace sorteo::cli
