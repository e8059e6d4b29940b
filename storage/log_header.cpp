#include "storage/log_header.hpp"

#include <xxhash.h>

#include <algorithm>

namespace sorteo {
namespace {

// As in PNG's signature, the first byte is no ASCII and the last one a line break, so that a file
// that went through a text conversion is told apart.
constexpr std::string_view kMagic = "\xFESORTEO\n";
constexpr std::size_t kVersionAt = 8;
constexpr std::size_t kReservedAt = 12;
constexpr std::size_t kLogIdAt = 16;
constexpr std::size_t kChecksumAt = 24;

}  // namespace

std::string_view describe(LogHeaderFault fault) noexcept {
  switch (fault) {
    case LogHeaderFault::kTooShort:
      return "the file is shorter than the header of a log";
    case LogHeaderFault::kNotALog:
      return "the file does not begin as a log does";
    case LogHeaderFault::kChecksum:
      return "the header's checksum is wrong";
    case LogHeaderFault::kNewVersion:
      return "the log is of a version that this program does not know";
  }
  return "unknown fault";
}

std::array<std::byte, kLogHeaderBytes> encode_log_header(std::uint64_t log_id) {
  std::array<std::byte, kLogHeaderBytes> bytes{};
  std::ranges::copy(as_bytes(kMagic), bytes.begin());
  store_u32(bytes.data() + kVersionAt, kLogVersion);
  store_u32(bytes.data() + kReservedAt, 0);
  store_u64(bytes.data() + kLogIdAt, log_id);
  store_u64(bytes.data() + kChecksumAt, XXH3_64bits(bytes.data(), kChecksumAt));
  return bytes;
}

boost::system::result<LogHeader, LogHeaderFault> decode_log_header(ByteView bytes) {
  if (bytes.size() < kLogHeaderBytes) {
    return LogHeaderFault::kTooShort;
  }
  if (as_text(bytes.first(kMagic.size())) != kMagic) {
    return LogHeaderFault::kNotALog;
  }
  const LogHeader header{load_u64(bytes.data() + kLogIdAt), load_u64(bytes.data() + kChecksumAt)};
  if (header.checksum != XXH3_64bits(bytes.data(), kChecksumAt)) {
    return LogHeaderFault::kChecksum;
  }
  if (load_u32(bytes.data() + kVersionAt) != kLogVersion ||
      load_u32(bytes.data() + kReservedAt) != 0) {
    return LogHeaderFault::kNewVersion;
  }
  return header;
}

}  // namespace sorteo
