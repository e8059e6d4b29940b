#include "benchmarks/peers/common/process_usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace sorteo::peers {

namespace {

struct ProcessStat {
  int parent = -1;
  double ticks = 0;           // its own
  double children_ticks = 0;  // of those that it has waited for
};

// proc(5), /proc/PID/stat: behind the name in parentheses follow the third field and further ones.
ProcessStat read_stat(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) {
    return {};
  }
  std::istringstream fields(line.substr(name_end + 1));
  ProcessStat stat;
  std::string skipped;
  double user = 0;
  double system = 0;
  double children_user = 0;
  double children_system = 0;
  fields >> skipped >> stat.parent;
  for (int i = 5; i <= 13; ++i) {
    fields >> skipped;
  }
  fields >> user >> system >> children_user >> children_system;
  stat.ticks = user + system;
  stat.children_ticks = children_user + children_system;
  return stat;
}

}  // namespace

double own_peak_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

double cpu_seconds_of(int pid) {
  if (pid <= 0) {
    return 0;
  }
  const ProcessStat own = read_stat("/proc/" + std::to_string(pid) + "/stat");
  double ticks = own.ticks + own.children_ticks;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") == std::string::npos) {
      const ProcessStat stat = read_stat(entry.path() / "stat");
      ticks += stat.parent == pid ? stat.ticks + stat.children_ticks : 0;
    }
  }
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace sorteo::peers
