#pragma once

#include <boost/system/error_code.hpp>
#include <string_view>

namespace sorteo::cli {

/// Where bytes are written to.
class ByteSink {
 public:
  virtual ~ByteSink() = default;

  /// Writes all of `bytes`. On an error, some of them may have been written.
  [[nodiscard]] virtual boost::system::error_code write(std::string_view bytes) = 0;
};

}  // namespace sorteo::cli
