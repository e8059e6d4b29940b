#include "apps/cli/write_all.hpp"

#include <unistd.h>

#include <cerrno>

namespace sorteo::cli {

boost::system::error_code write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return {errno, boost::system::system_category()};
    }
  }
  return {};
}

}  // namespace sorteo::cli
