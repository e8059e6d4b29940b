#include "storage/segment_header.hpp"

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
constexpr std::size_t kNumberAt = 24;
constexpr std::size_t kBaseAt = 32;
constexpr std::size_t kCapacityAt = 40;
constexpr std::size_t kPreviousAt = 48;
constexpr std::size_t kChecksumAt = 56;

}  // namespace

std::string_view describe(SegmentHeaderFault fault) noexcept {
  switch (fault) {
    case SegmentHeaderFault::kTooShort:
      return "the file is shorter than the header of a segment";
    case SegmentHeaderFault::kNotALog:
      return "the file does not begin as a segment does";
    case SegmentHeaderFault::kChecksum:
      return "the header's checksum is wrong";
    case SegmentHeaderFault::kNewVersion:
      return "the log is of a version that this program does not know";
  }
  return "unknown fault";
}

std::array<std::byte, kSegmentHeaderBytes> seal_segment_header(SegmentHeader& header) {
  std::array<std::byte, kSegmentHeaderBytes> bytes{};
  std::ranges::copy(as_bytes(kMagic), bytes.begin());
  store_u32(bytes.data() + kVersionAt, kLogVersion);
  store_u64(bytes.data() + kLogIdAt, header.log_id);
  store_u64(bytes.data() + kNumberAt, header.number);
  store_u64(bytes.data() + kBaseAt, header.base);
  store_u64(bytes.data() + kCapacityAt, header.capacity);
  store_u64(bytes.data() + kPreviousAt, header.previous);
  header.checksum = XXH3_64bits(bytes.data(), kChecksumAt);
  store_u64(bytes.data() + kChecksumAt, header.checksum);
  return bytes;
}

boost::system::result<SegmentHeader, SegmentHeaderFault> decode_segment_header(ByteView bytes) {
  if (bytes.size() < kSegmentHeaderBytes) {
    return SegmentHeaderFault::kTooShort;
  }
  if (as_text(bytes.first(kMagic.size())) != kMagic) {
    return SegmentHeaderFault::kNotALog;
  }
  const auto at = [&](std::size_t offset) { return load_u64(bytes.data() + offset); };
  const SegmentHeader header{at(kLogIdAt),    at(kNumberAt),   at(kBaseAt),
                             at(kCapacityAt), at(kPreviousAt), at(kChecksumAt)};
  if (header.checksum != XXH3_64bits(bytes.data(), kChecksumAt)) {
    return SegmentHeaderFault::kChecksum;
  }
  if (load_u32(bytes.data() + kVersionAt) != kLogVersion ||
      load_u32(bytes.data() + kReservedAt) != 0) {
    return SegmentHeaderFault::kNewVersion;
  }
  return header;
}

}  // namespace sorteo
