#pragma once

namespace sorteo {

/// Opens /dev/null for each of the descriptors 0, 1 and 2 that is closed, so that reading from it,
/// or writing to it, still fails with EBADF. Called first in `main`: the next file that the program
/// opened would else get that number, and log lines would be written into it.
void reserve_standard_streams() noexcept;

}  // namespace sorteo
