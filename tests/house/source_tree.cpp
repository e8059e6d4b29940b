#include "tests/house/source_tree.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>

namespace sorteo::test {

namespace fs = std::filesystem;

namespace {

// Takes `word` and the blanks before it off the front of `rest`; false when it does not stand
// there.
bool take(std::string_view& rest, std::string_view word) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  if (!rest.starts_with(word)) {
    return false;
  }
  rest.remove_prefix(word.size());
  return true;
}

std::optional<Include> parse_include(std::string_view rest, std::size_t line) {
  if (!take(rest, "#") || !take(rest, "include")) {
    return std::nullopt;
  }
  const bool quoted = take(rest, "\"");
  if (!quoted && !take(rest, "<")) {
    return std::nullopt;
  }
  return Include{line, std::string(rest.substr(0, rest.find(quoted ? '"' : '>'))), quoted};
}

}  // namespace

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
  const std::vector<std::string> lines = read_lines(file);
  std::vector<Include> includes;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (const auto include = parse_include(lines[at], at + 1)) {
      includes.push_back(*include);
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
