#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/file_system.hpp"
#include "tests/support/simulated_disk.hpp"

namespace sorteo::test {

/// A SimulatedDisk as one program sees it, until it is killed.
class SimulatedProcess final : public FileSystem {
 public:
  explicit SimulatedProcess(SimulatedDisk& disk) : disk_(disk) {}

  boost::system::result<std::unique_ptr<File>> open(const std::string& path,
                                                    Open how) const override;
  boost::system::result<std::unique_ptr<File>> open_locked(const std::string& path) const override;
  boost::system::error_code make_directory(const std::string& path) const override;
  boost::system::error_code rename(const std::string& from, const std::string& to) const override;
  boost::system::error_code remove(const std::string& path) const override;
  boost::system::result<std::vector<std::string>> list_directory(
      const std::string& path) const override;
  boost::system::error_code sync_directory(const std::string& path) const override;

 private:
  friend class SimulatedDisk;
  friend class SimulatedFile;

  template <typename Act>
  boost::system::error_code change(const char* call, const std::string& path, Act act) const;

  SimulatedDisk& disk_;
  bool is_alive_ = true;
};

}  // namespace sorteo::test
