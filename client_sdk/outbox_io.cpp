#include "client_sdk/outbox_io.hpp"

#include <boost/system/errc.hpp>

namespace sorteo::client {
namespace {

// Interruptions in a row after which a call counts as failed. No sane system gets near it; it is
// there so that the loops end whatever the system does.
constexpr int kMaxInterruptions = 100;

bool is_interruption(boost::system::error_code error) {
  return error == boost::system::errc::interrupted;
}

}  // namespace

boost::system::result<std::size_t> read_fully(const OutboxFile& file, std::span<std::byte> to,
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

boost::system::error_code write_fully(OutboxFile& file, ByteView from, std::uint64_t offset) {
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

}  // namespace sorteo::client
