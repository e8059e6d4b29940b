#include "benchmarks/limit/written_space.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace sorteo::limit {

void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

WrittenSpace::WrittenSpace(const std::string& directory, std::uint64_t bytes, WriteWay way)
    : way_(way) {
  std::filesystem::create_directories(directory);
  const std::uint64_t count =
      std::max<std::uint64_t>(1, (bytes + kSegmentBytes - 1) / kSegmentBytes);
  for (std::uint64_t i = 0; i < count; ++i) {
    add_segment(directory + "/segment-" + std::to_string(i));
  }
}

WrittenSpace::~WrittenSpace() {
  for (const int segment : segments_) {
    ::close(segment);
  }
}

void WrittenSpace::append(ByteView bytes) {
  appended_ += bytes.size();
  while (!bytes.empty()) {
    if (at_ == kSegmentBytes) {
      sync();
      current_ = (current_ + 1) % segments_.size();
      at_ = 0;
    }
    const std::size_t size = std::min(bytes.size(), kSegmentBytes - at_);
    write(bytes.first(size));
    bytes = bytes.subspan(size);
  }
}

void WrittenSpace::sync() {
  if (::fdatasync(segments_[current_]) != 0) {
    throw_errno("fdatasync");
  }
}

void WrittenSpace::add_segment(const std::string& path) {
  const int segment = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (segment < 0) {
    throw_errno(path);
  }
  segments_.push_back(segment);
  current_ = segments_.size() - 1;
  const std::vector<std::byte> zeros(1024 * 1024);
  for (at_ = 0; at_ < kSegmentBytes;) {
    write(zeros);
  }
  if (::fsync(segment) != 0) {
    throw_errno("fsync");
  }
  if (way_ == WriteWay::kDirect && ::fcntl(segment, F_SETFL, O_DIRECT) != 0) {
    throw_errno("O_DIRECT");
  }
  current_ = 0;
  at_ = 0;
}

void WrittenSpace::write(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(segments_[current_], bytes.data(), bytes.size(), static_cast<off_t>(at_));
    if (written < 0 && errno != EINTR) {
      throw_errno("pwrite");
    }
    if (written > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(written));
      at_ += static_cast<std::size_t>(written);
    }
  }
}

}  // namespace sorteo::limit
