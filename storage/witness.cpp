#include "storage/witness.hpp"

#include <xxhash.h>

#include <utility>

#include "storage/file_io.hpp"
#include "storage/log_failure.hpp"
#include "storage/store_files.hpp"

namespace sorteo {
namespace {

constexpr std::size_t kLogIdAt = 0;
constexpr std::size_t kCounterAt = 8;
constexpr std::size_t kEndAt = 16;
constexpr std::size_t kPreviousAt = 24;
constexpr std::size_t kStateAt = 32;
constexpr std::size_t kChecksumAt = 40;

constexpr std::uint32_t kOpen = 1;
constexpr std::uint32_t kClosed = 2;

std::optional<Testimony> decode_testimony(ByteView bytes) noexcept {
  const std::uint32_t state = load_u32(bytes.data() + kStateAt);
  if (load_u64(bytes.data() + kChecksumAt) != XXH3_64bits(bytes.data(), kChecksumAt) ||
      (state != kOpen && state != kClosed)) {
    return std::nullopt;
  }
  return Testimony{load_u64(bytes.data() + kLogIdAt), load_u64(bytes.data() + kCounterAt),
                   load_u64(bytes.data() + kEndAt), load_u64(bytes.data() + kPreviousAt),
                   state == kClosed};
}

}  // namespace

std::array<std::byte, kTestimonyBytes> encode_testimony(const Testimony& testimony) noexcept {
  std::array<std::byte, kTestimonyBytes> bytes{};
  store_u64(bytes.data() + kLogIdAt, testimony.log_id);
  store_u64(bytes.data() + kCounterAt, testimony.counter);
  store_u64(bytes.data() + kEndAt, testimony.end);
  store_u64(bytes.data() + kPreviousAt, testimony.previous);
  store_u32(bytes.data() + kStateAt, testimony.is_closed ? kClosed : kOpen);
  store_u64(bytes.data() + kChecksumAt, XXH3_64bits(bytes.data(), kChecksumAt));
  return bytes;
}

std::optional<Testimony> decode_witness(ByteView bytes) noexcept {
  std::optional<Testimony> latest;
  for (std::size_t at = 0; at + kTestimonyBytes <= bytes.size(); at += kTestimonyStride) {
    const auto testimony = decode_testimony(bytes.subspan(at, kTestimonyBytes));
    if (testimony && (!latest || testimony->counter > latest->counter)) {
      latest = testimony;
    }
  }
  return latest;
}

boost::system::result<Witness, StoreFailure> Witness::open(const FileSystem& files,
                                                           const std::string& directory,
                                                           const Testimony& end,
                                                           std::optional<std::uint64_t> counter) {
  const std::string path = within(directory, kWitnessName);
  if (!counter) {
    if (auto failure =
            replace_file(files, directory, kWitnessName, std::string(kWitnessBytes, '\0'))) {
      return std::move(*failure);
    }
  }
  auto file = files.open(path, FileSystem::Open::kWrite);
  if (file.has_error()) {
    return cannot("open", path, file.error());
  }
  Witness witness(std::move(*file), end);
  witness.last_.counter = counter.value_or(0);
  // In both places, one after the other: so no damage to one brings an older word back that is not
  // true any more.
  for (int place = 0; place < 2; ++place) {
    auto error = witness.write(false);
    error = error ? error : witness.file_->sync();
    if (error) {
      return cannot("write", path, error);
    }
  }
  return witness;
}

bool Witness::say(std::uint64_t end, std::uint64_t previous) noexcept {
  if (file_ == nullptr) {
    return true;
  }
  last_.end = end;
  last_.previous = previous;
  if (write(false)) {
    file_.reset();
    return false;
  }
  return true;
}

boost::system::error_code Witness::close(std::uint64_t end, std::uint64_t previous) noexcept {
  if (file_ == nullptr) {
    return {};
  }
  last_.end = end;
  last_.previous = previous;
  auto error = write(true);
  error = error ? error : file_->sync();
  file_.reset();
  return error;
}

boost::system::error_code Witness::write(bool is_closed) noexcept {
  ++last_.counter;
  last_.is_closed = is_closed;
  return write_fully(*file_, encode_testimony(last_),
                     last_.counter % 2 == 0 ? 0 : kTestimonyStride);
}

}  // namespace sorteo
