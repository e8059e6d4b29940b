#pragma once

#include <array>
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/bytes.hpp"

namespace sorteo {

/// How many bytes stand before the first record of a segment.
inline constexpr std::size_t kSegmentHeaderBytes = 64;

/// The only version of the format. Version 1 was one file, and was never released.
inline constexpr std::uint32_t kLogVersion = 2;

/// The start of a segment (docs/storage.md, "The header of a segment").
struct SegmentHeader {
  std::uint64_t log_id = 0;    ///< random; the seed of all checksums of the log's records
  std::uint64_t number = 0;    ///< of the segment, from 1
  std::uint64_t base = 0;      ///< where in the log the segment begins
  std::uint64_t capacity = 0;  ///< the size of the file, in bytes
  std::uint64_t previous =
      0;  ///< the checksum of the last record before the segment; 0 in the first
  std::uint64_t checksum = 0;  ///< of the header; what the first record follows

  friend bool operator==(const SegmentHeader&, const SegmentHeader&) = default;
};

/// Why bytes are not the start of a segment.
enum class SegmentHeaderFault {
  kTooShort,    ///< fewer bytes than a header has
  kNotALog,     ///< the file does not begin as a segment does
  kChecksum,    ///< the checksum is wrong
  kNewVersion,  ///< whole and sound, but of another version of the format
};

std::string_view describe(SegmentHeaderFault fault) noexcept;

/// Fills in `header.checksum`, and returns the bytes.
std::array<std::byte, kSegmentHeaderBytes> seal_segment_header(SegmentHeader& header);

/// The header at the start of `bytes`.
boost::system::result<SegmentHeader, SegmentHeaderFault> decode_segment_header(ByteView bytes);

}  // namespace sorteo
