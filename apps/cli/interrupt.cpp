#include "apps/cli/interrupt.hpp"

#include <signal.h>

namespace sorteo::cli {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM};

volatile sig_atomic_t noted_signal = 0;
struct sigaction previous[2];

void note(int signal) { noted_signal = signal; }

}  // namespace

InterruptGuard::InterruptGuard() {
  for (int index = 0; index < 2; ++index) {
    struct sigaction action {};
    action.sa_handler = &note;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    ::sigaction(kSignals[index], &action, &previous[index]);
    // A shell starts a job in the background with SIGINT ignored, and so it stays.
    if (previous[index].sa_handler == SIG_IGN) {
      ::sigaction(kSignals[index], &previous[index], nullptr);
    }
  }
}

InterruptGuard::~InterruptGuard() {
  noted_signal = 0;
  for (int index = 0; index < 2; ++index) {
    ::sigaction(kSignals[index], &previous[index], nullptr);
  }
}

int interrupted_by() noexcept { return noted_signal; }

}  // namespace sorteo::cli
