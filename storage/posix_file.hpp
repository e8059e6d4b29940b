#pragma once

#include "storage/file.hpp"

namespace sorteo {

/// A file of the operating system.
class PosixFile final : public File {
 public:
  /// Takes over the open `descriptor`.
  explicit PosixFile(int descriptor) noexcept : descriptor_(descriptor) {}
  ~PosixFile() override;
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  boost::system::result<std::size_t> read_at(std::span<std::byte> to,
                                             std::uint64_t offset) const override;
  boost::system::result<std::size_t> write_at(ByteView from, std::uint64_t offset) override;
  boost::system::error_code sync_data() override;
  boost::system::error_code sync() override;
  boost::system::error_code truncate(std::uint64_t size) override;
  boost::system::error_code allocate(std::uint64_t size) override;
  boost::system::result<std::uint64_t> size() const override;
  void drop_cache() const noexcept override;
  bool bypass_cache() noexcept override;

 private:
  const int descriptor_;
};

}  // namespace sorteo
