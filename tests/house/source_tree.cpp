#include "tests/house/source_tree.hpp"

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <stdexcept>

namespace sorteo::test {

namespace fs = std::filesystem;

std::vector<std::string> read_lines(const fs::path& file) {
  std::ifstream in(file);
  if (!in) {
    throw std::runtime_error("cannot read " + file.string());
  }
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::vector<Include> read_includes(const fs::path& file) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*(["<])([^">]+)[">])re");
  const std::vector<std::string> lines = read_lines(file);
  std::vector<Include> includes;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (std::smatch match; std::regex_search(lines[at], match, kInclude)) {
      includes.push_back({at + 1, match[2], match[1] == "\""});
    }
  }
  return includes;
}

std::vector<fs::path> source_files(const fs::path& folder) {
  static const std::set<std::string> kExtensions = {".cpp", ".hpp", ".h", ".cc", ".ipp", ".in"};
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) {
    return files;
  }
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && kExtensions.contains(entry.path().extension().string())) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string first_folder(const std::string& path) {
  const auto slash = path.find('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

}  // namespace sorteo::test
