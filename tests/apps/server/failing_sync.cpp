// Preloaded into the real server: the disk fails at each sync from when the file named by
// SORTEO_TEST_SYNC_FAILS is there.

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

extern "C" __attribute__((visibility("default"))) int fdatasync(int descriptor) {
  const char* const sign = std::getenv("SORTEO_TEST_SYNC_FAILS");
  if (sign != nullptr && ::access(sign, F_OK) == 0) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}
