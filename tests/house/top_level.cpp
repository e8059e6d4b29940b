#include "tests/house/top_level.hpp"

#include <algorithm>
#include <set>

namespace sorteo::test {

namespace fs = std::filesystem;

std::vector<std::string> misplaced_folders(const fs::path& root) {
  static const std::set<std::string> kHouse = {
      "core", "handlers",   "transport", "storage",  "client_sdk", "tests", "configs",
      "apps", "benchmarks", "docs",      "examples", "scripts",    ".ci"};
  static const std::set<std::string> kPassedOver = {"build",    ".git",  ".cache", "var",
                                                    "demo-out", ".idea", ".vscode"};
  std::vector<std::string> misplaced;
  for (const fs::directory_entry& entry : fs::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_directory() && !kHouse.contains(name) && !kPassedOver.contains(name)) {
      misplaced.push_back(name);
    }
  }
  std::sort(misplaced.begin(), misplaced.end());
  return misplaced;
}

}  // namespace sorteo::test
