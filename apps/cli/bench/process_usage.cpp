#include "apps/cli/bench/process_usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace sorteo::cli {
namespace {

std::string text_of(pid_t process, const char* file) {
  std::ifstream stream("/proc/" + std::to_string(process) + '/' + file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// `VmRSS:     1234 kB`, as bytes.
std::uint64_t bytes_behind(const std::string& status, const std::string& name) {
  const std::size_t at = status.find('\n' + name + ':');
  if (at == std::string::npos) {
    return 0;
  }
  std::istringstream rest(status.substr(at + name.size() + 2));
  std::uint64_t kibibytes = 0;
  rest >> kibibytes;
  return kibibytes * 1024;
}

double as_seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

std::optional<ProcessUsage> usage_of(pid_t process) {
  const std::string stat = text_of(process, "stat");
  // The name in parentheses may hold anything; the state behind it is field 3, the times 14 and 15.
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream fields(stat.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) {
    fields >> skipped;
  }
  double user = 0;
  double system = 0;
  fields >> user >> system;
  const std::string status = text_of(process, "status");
  return ProcessUsage{(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK)),
                      bytes_behind(status, "VmRSS"), bytes_behind(status, "VmHWM")};
}

double own_cpu_seconds() noexcept {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return as_seconds(usage.ru_utime) + as_seconds(usage.ru_stime);
}

}  // namespace sorteo::cli
