#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <span>
#include <string>

namespace sorteo::cli {

/// Why a file cannot be read, as a sentence that names it.
struct InputError {
  std::string message;

  friend bool operator==(const InputError&, const InputError&) = default;
};

/// Bytes that are read once, from beginning to end.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Reads some bytes, at least one and at most `room.size()`, which is not 0. Zero is the end.
  virtual boost::system::result<std::size_t, InputError> read(std::span<char> room) = 0;
};

}  // namespace sorteo::cli
