#pragma once

#include <string>

namespace sorteo::test {

/// A new directory, removed with all that is in it at the end.
class TempDirectory final {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const noexcept { return path_; }
  std::string within(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace sorteo::test
