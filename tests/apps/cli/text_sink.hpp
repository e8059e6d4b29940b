#pragma once

#include <string>
#include <string_view>

#include "apps/cli/byte_sink.hpp"

namespace sorteo::test {

/// Keeps what is written, until `room` bytes are used up; then every write fails with ENOSPC.
class TextSink final : public cli::ByteSink {
 public:
  boost::system::error_code write(std::string_view bytes) override {
    ++writes;
    if (text.size() + bytes.size() > room) {
      return {ENOSPC, boost::system::generic_category()};
    }
    text += bytes;
    return {};
  }

  std::string text;
  std::size_t room = std::string::npos;
  int writes = 0;
};

}  // namespace sorteo::test
