#include "storage/file_io.hpp"

#include <algorithm>
#include <array>
#include <boost/system/errc.hpp>

namespace sorteo {
namespace {

// Interruptions in a row after which a call counts as failed. No sane system gets near it; it is
// there so that the loops end whatever the system does.
constexpr int kMaxInterruptions = 100;

constexpr std::size_t kZeroChunk = 1024 * 1024;

bool is_interruption(boost::system::error_code error) {
  return error == boost::system::errc::interrupted;
}

}  // namespace

boost::system::result<std::size_t> read_fully(const File& file, std::span<std::byte> to,
                                              std::uint64_t offset) {
  std::size_t done = 0;
  int interruptions = 0;
  while (done < to.size()) {
    const auto read = file.read_at(to.subspan(done), offset + done);
    if (read.has_error()) {
      if (is_interruption(read.error()) && ++interruptions < kMaxInterruptions) {
        continue;
      }
      return read.error();
    }
    if (*read == 0) {
      break;
    }
    interruptions = 0;
    done += *read;
  }
  return done;
}

boost::system::error_code write_fully(File& file, ByteView from, std::uint64_t offset) {
  std::size_t done = 0;
  int interruptions = 0;
  while (done < from.size()) {
    const auto written = file.write_at(from.subspan(done), offset + done);
    if (written.has_error()) {
      if (is_interruption(written.error()) && ++interruptions < kMaxInterruptions) {
        continue;
      }
      return written.error();
    }
    if (*written == 0) {
      return boost::system::errc::make_error_code(boost::system::errc::io_error);
    }
    interruptions = 0;
    done += *written;
  }
  return {};
}

boost::system::error_code write_zeros(File& file, std::uint64_t offset, std::uint64_t size) {
  // Never written; if it were const, it would make the program longer by as much.
  alignas(File::kBlock) static std::array<std::byte, kZeroChunk> zeros{};
  while (size > 0) {
    const auto chunk = static_cast<std::size_t>(std::min<std::uint64_t>(size, zeros.size()));
    if (const auto error = write_fully(file, ByteView(zeros).first(chunk), offset)) {
      return error;
    }
    offset += chunk;
    size -= chunk;
  }
  return {};
}

}  // namespace sorteo
