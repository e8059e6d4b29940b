#pragma once

#include "client_sdk/outbox_disk.hpp"

namespace sorteo::client {

/// The files of the operating system. Has no state.
class PosixOutboxDisk final : public OutboxDisk {
 public:
  boost::system::result<std::unique_ptr<OutboxFile>> open(const std::string& path,
                                                          Open how) override;
  boost::system::result<std::unique_ptr<OutboxFile>> open_locked(const std::string& path) override;
  boost::system::error_code rename(const std::string& from, const std::string& to) override;
  boost::system::error_code remove(const std::string& path) override;
  boost::system::error_code sync_folder_of(const std::string& path) override;
};

}  // namespace sorteo::client
