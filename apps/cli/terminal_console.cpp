#include "apps/cli/terminal_console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <string>

#include "apps/cli/write_all.hpp"

namespace sorteo::cli {
namespace {

// Back to the first column, and clear to the end of the line (ECMA-48, EL).
constexpr std::string_view kClearLine = "\r\x1b[K";
constexpr unsigned kUsualColumns = 80;

// There is nobody left to tell when standard error fails.
void write_diagnostics(std::string_view text) {
  [[maybe_unused]] const auto ignored = write_all(STDERR_FILENO, text);
}

}  // namespace

TerminalConsole::~TerminalConsole() { show_progress({}); }

void TerminalConsole::say(std::string_view line) {
  show_progress({});
  std::string text(line);
  text += '\n';
  write_diagnostics(text);
}

unsigned TerminalConsole::columns() const {
  if (::isatty(STDERR_FILENO) == 0) {
    return 0;
  }
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kUsualColumns;
}

void TerminalConsole::show_progress(std::string_view line) {
  if (line.empty() && !shows_progress_) {
    return;
  }
  std::string text(kClearLine);
  text += line;
  write_diagnostics(text);
  shows_progress_ = !line.empty();
}

boost::system::error_code TerminalConsole::StandardOutput::write(std::string_view bytes) {
  return write_all(STDOUT_FILENO, bytes);
}

}  // namespace sorteo::cli
