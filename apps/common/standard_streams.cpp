#include "apps/common/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

namespace sorteo {

void reserve_standard_streams() noexcept {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    // For the other direction, so that data which nobody gets is an error and not a success.
    const int direction = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    // The lowest number that is free is this one: those below it are open by now.
    if (::fcntl(descriptor, F_GETFD) < 0 && ::open("/dev/null", direction) != descriptor) {
      std::abort();
    }
  }
}

}  // namespace sorteo
