#include "tests/storage/temp_directory.hpp"

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>

namespace sorteo::test {

TempDirectory::TempDirectory()
    : path_((std::filesystem::temp_directory_path() / "sorteo-XXXXXX").string()) {
  if (::mkdtemp(path_.data()) == nullptr) {
    throw std::runtime_error("cannot make a directory like " + path_);
  }
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace sorteo::test
