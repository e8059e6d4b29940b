#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace sorteo::test {

/// One #include of a source file.
struct Include {
  std::size_t line;  ///< from 1
  std::string path;  ///< what stands between the quotes or brackets
  bool quoted;       ///< "path", not <path>
};

/// The lines of a text file. Throws std::runtime_error when it cannot be read.
std::vector<std::string> read_lines(const std::filesystem::path& file);

/// The includes of a C++ file, in their order.
std::vector<Include> read_includes(const std::filesystem::path& file);

/// Every C++ file below `folder`, sorted; none when there is no such folder.
std::vector<std::filesystem::path> source_files(const std::filesystem::path& folder);

/// The part of `path` before its first slash; empty when it has none.
std::string first_folder(const std::string& path);

}  // namespace sorteo::test
