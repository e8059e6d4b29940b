#pragma once

#include <sys/stat.h>

#include <array>
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "apps/cli/byte_source.hpp"

namespace sorteo::cli {

/// A file that is read from beginning to end more than once, and must not change meanwhile. Every
/// read looks whether it has: size, time of change, and, at the end, the digest of what was read.
/// Not thread-safe.
class StableFile final : public ByteSource {
 public:
  /// Opens the regular file at `path`. Errors: it is not there, may not be read, or is no regular
  /// file and so cannot be read twice.
  static boost::system::result<std::unique_ptr<StableFile>, InputError> open(std::string path);

  StableFile(const StableFile&) = delete;
  StableFile& operator=(const StableFile&) = delete;
  ~StableFile() override;

  /// Errors: what the system said; the file changed since it was opened, or is not what an earlier
  /// pass read.
  boost::system::result<std::size_t, InputError> read(std::span<char> room) override;

  /// Ends this pass, which must have reached the end; the next read begins anew.
  void rewind();

  /// What the first pass read, as a digest of 128 bits (XXH3). That pass must have ended.
  std::array<std::byte, 16> digest() const;

  /// The path as it was given.
  const std::string& path() const noexcept { return path_; }

 private:
  struct Digest;

  StableFile(std::string path, int descriptor, const struct stat& opened);

  bool has_changed() const;
  InputError changed() const;
  InputError failed(int error) const;

  const std::string path_;
  const int descriptor_;
  const struct stat opened_;
  std::uint64_t offset_ = 0;
  std::unique_ptr<Digest> digest_;
};

}  // namespace sorteo::cli
