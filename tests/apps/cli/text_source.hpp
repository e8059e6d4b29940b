#pragma once

#include <algorithm>
#include <string>

#include "apps/cli/byte_source.hpp"

namespace sorteo::test {

/// A text as a file would give it, `piece` bytes a read.
class TextSource final : public cli::ByteSource {
 public:
  explicit TextSource(std::string text, std::size_t piece = 4096)
      : text_(std::move(text)), piece_(piece) {}

  boost::system::result<std::size_t, cli::InputError> read(std::span<char> room) override {
    const std::size_t size = std::min({room.size(), piece_, text_.size() - at_});
    std::copy_n(text_.data() + at_, size, room.data());
    at_ += size;
    return size;
  }

 private:
  const std::string text_;
  const std::size_t piece_;
  std::size_t at_ = 0;
};

}  // namespace sorteo::test
