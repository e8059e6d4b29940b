#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sorteo::test {

/// The folders at the top of the tree at `root` that have no place there, sorted. What is built or
/// run there, and what editors and Git keep, is passed over.
std::vector<std::string> misplaced_folders(const std::filesystem::path& root);

}  // namespace sorteo::test
