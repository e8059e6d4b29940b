#include "tests/house/temporary_tree.hpp"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>

namespace sorteo::test {

namespace fs = std::filesystem;

TemporaryTree::TemporaryTree() {
  std::string pattern = (fs::temp_directory_path() / "sorteo-house-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), pattern);
  }
  root_ = pattern;
}

TemporaryTree::~TemporaryTree() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

fs::path TemporaryTree::write(const std::string& path, std::string_view text) {
  const fs::path file = root_ / path;
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
  return file;
}

}  // namespace sorteo::test
