#pragma once

#include "storage/file_system.hpp"

namespace sorteo {

/// The files of the operating system. Has no state.
class PosixFileSystem final : public FileSystem {
 public:
  boost::system::result<std::unique_ptr<File>> open(const std::string& path,
                                                    Open how) const override;
  boost::system::result<std::unique_ptr<File>> open_locked(const std::string& path) const override;
  boost::system::error_code make_directory(const std::string& path) const override;
  boost::system::error_code rename(const std::string& from, const std::string& to) const override;
  boost::system::error_code remove(const std::string& path) const override;
  boost::system::result<std::vector<std::string>> list_directory(
      const std::string& path) const override;
  boost::system::error_code sync_directory(const std::string& path) const override;
};

}  // namespace sorteo
