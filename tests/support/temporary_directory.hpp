#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sorteo::test {

/// An empty directory of its own, removed with all that is in it.
class TemporaryDirectory final {
 public:
  /// Throws std::system_error when it cannot be made.
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::string& path() const noexcept { return path_; }

  /// The path of `name` in it.
  std::string operator/(std::string_view name) const;

  /// Writes a file into it, with the folders on the way to it, and returns its path.
  std::string write(std::string_view name, std::string_view content) const;

  /// What the file `name` in it holds; nothing when there is none.
  std::string content(std::string_view name) const;

  /// The names of what is in it, in no order.
  std::vector<std::string> names() const;

 private:
  std::string path_;
};

}  // namespace sorteo::test
