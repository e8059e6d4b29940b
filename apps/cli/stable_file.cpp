#include "apps/cli/stable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace sorteo::cli {
namespace {

std::string text_of(int error) { return std::generic_category().message(error); }

bool is_same(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

}  // namespace

struct StableFile::Digest {
  XXH3_state_t state;
  std::optional<XXH128_hash_t> first_pass;

  Digest() { XXH3_128bits_reset(&state); }
};

boost::system::result<std::unique_ptr<StableFile>, InputError> StableFile::open(std::string path) {
  // Without O_NONBLOCK, opening a pipe would wait for its writer.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    return InputError{path + ": cannot be opened: " + text_of(errno)};
  }
  struct stat opened {};
  if (::fstat(descriptor, &opened) != 0) {
    InputError error{path + ": cannot be examined: " + text_of(errno)};
    ::close(descriptor);
    return error;
  }
  if (!S_ISREG(opened.st_mode)) {
    ::close(descriptor);
    return InputError{path +
                      ": is not a regular file, and it has to be read twice: once to check " +
                      "it, once to send it"};
  }
  return std::unique_ptr<StableFile>(new StableFile(std::move(path), descriptor, opened));
}

StableFile::StableFile(std::string path, int descriptor, const struct stat& opened)
    : path_(std::move(path)),
      descriptor_(descriptor),
      opened_(opened),
      digest_(std::make_unique<Digest>()) {}

StableFile::~StableFile() { ::close(descriptor_); }

boost::system::result<std::size_t, InputError> StableFile::read(std::span<char> room) {
  ssize_t got = 0;
  do {
    got = ::pread(descriptor_, room.data(), room.size(), static_cast<off_t>(offset_));
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    return failed(errno);
  }
  if (has_changed()) {
    return changed();
  }
  const auto size = static_cast<std::size_t>(got);
  XXH3_128bits_update(&digest_->state, room.data(), size);
  offset_ += size;
  // Clocks of file systems tick in milliseconds: two changes in one tick show only in the digest.
  if (size == 0 && digest_->first_pass &&
      XXH128_isEqual(*digest_->first_pass, XXH3_128bits_digest(&digest_->state)) == 0) {
    return changed();
  }
  return size;
}

void StableFile::rewind() {
  if (!digest_->first_pass) {
    digest_->first_pass = XXH3_128bits_digest(&digest_->state);
  }
  XXH3_128bits_reset(&digest_->state);
  offset_ = 0;
}

std::array<std::byte, 16> StableFile::digest() const {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, *digest_->first_pass);
  std::array<std::byte, 16> bytes{};
  std::memcpy(bytes.data(), canonical.digest, bytes.size());
  return bytes;
}

bool StableFile::has_changed() const {
  struct stat now {};
  return ::fstat(descriptor_, &now) != 0 || now.st_size != opened_.st_size ||
         !is_same(now.st_mtim, opened_.st_mtim);
}

InputError StableFile::changed() const {
  return {path_ + ": has changed while it was being read; submit it when nobody writes to it"};
}

InputError StableFile::failed(int error) const {
  return {path_ + ": cannot be read at byte " + std::to_string(offset_) + ": " + text_of(error)};
}

}  // namespace sorteo::cli
