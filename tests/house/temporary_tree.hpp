#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sorteo::test {

/// A directory that is removed, with all that is in it, when this goes.
class TemporaryTree final {
 public:
  /// Throws std::system_error when the system cannot make one.
  TemporaryTree();
  TemporaryTree(const TemporaryTree&) = delete;
  TemporaryTree& operator=(const TemporaryTree&) = delete;
  ~TemporaryTree();

  const std::filesystem::path& root() const noexcept { return root_; }

  /// Writes a file, and makes the folders on the way to it. Returns where it is.
  std::filesystem::path write(const std::string& path, std::string_view text);

 private:
  std::filesystem::path root_;
};

}  // namespace sorteo::test
