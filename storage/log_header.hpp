#pragma once

#include <array>
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/bytes.hpp"

namespace sorteo {

/// How many bytes stand before the first record of a log.
inline constexpr std::size_t kLogHeaderBytes = 32;

/// The only version of the format.
inline constexpr std::uint32_t kLogVersion = 1;

/// The start of a log (docs/storage.md, "The header").
struct LogHeader {
  std::uint64_t log_id = 0;    ///< random; the seed of all checksums of its records
  std::uint64_t checksum = 0;  ///< of the header; what the first record follows

  friend bool operator==(const LogHeader&, const LogHeader&) = default;
};

/// Why bytes are not the start of a log.
enum class LogHeaderFault {
  kTooShort,    ///< fewer bytes than a header has
  kNotALog,     ///< the file does not begin as a log does
  kChecksum,    ///< the checksum is wrong
  kNewVersion,  ///< whole and sound, but of another version of the format
};

std::string_view describe(LogHeaderFault fault) noexcept;

std::array<std::byte, kLogHeaderBytes> encode_log_header(std::uint64_t log_id);

/// The header at the start of `bytes`.
boost::system::result<LogHeader, LogHeaderFault> decode_log_header(ByteView bytes);

}  // namespace sorteo
