#include "storage/file_window.hpp"

#include <algorithm>
#include <cstring>

#include "storage/file_io.hpp"

namespace sorteo {

boost::system::result<ByteView> FileWindow::at(std::uint64_t offset, std::size_t size) {
  if (offset >= end_) {
    return ByteView();
  }
  const bool starts_inside = offset >= start_ && offset - start_ <= held_;
  const std::size_t skip = starts_inside ? static_cast<std::size_t>(offset - start_) : 0;
  const std::size_t kept = starts_inside ? held_ - skip : 0;
  const auto left = [this, offset](std::size_t most) {
    return static_cast<std::size_t>(std::min<std::uint64_t>(most, end_ - offset));
  };
  size = left(size);
  if (kept >= size) {
    return ByteView(buffer_).subspan(skip, kept);
  }
  const std::size_t wanted = std::max(size, left(kChunk));
  if (buffer_.size() < wanted) {
    std::vector<std::byte> larger(wanted);
    std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(skip), kept, larger.begin());
    buffer_ = std::move(larger);
  } else {
    std::memmove(buffer_.data(), buffer_.data() + skip, kept);
  }
  start_ = offset;
  held_ = kept;
  const std::size_t room = left(buffer_.size()) - kept;
  const auto read = read_fully(file_, std::span(buffer_).subspan(kept, room), offset + kept);
  if (read.has_error()) {
    return read.error();
  }
  held_ = kept + *read;
  return ByteView(buffer_).first(held_);
}

boost::system::result<std::uint64_t> end_of_content(FileWindow& window, std::uint64_t from) {
  std::uint64_t end = from;
  for (std::uint64_t at = from; at < window.end();) {
    const auto bytes = window.at(at, 1);
    if (bytes.has_error()) {
      return bytes.error();
    }
    if (bytes->empty()) {
      break;
    }
    if (!is_zero(*bytes)) {
      end = at + as_text(*bytes).find_last_not_of('\0') + 1;
    }
    at += bytes->size();
  }
  return end;
}

bool is_zero(ByteView bytes) noexcept {
  return bytes.empty() || (bytes[0] == std::byte{0} &&
                           std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace sorteo
