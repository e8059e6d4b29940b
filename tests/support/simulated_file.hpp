#pragma once

#include <memory>
#include <string>

#include "storage/file.hpp"
#include "tests/support/simulated_disk.hpp"

namespace sorteo::test {

/// A file that a program has open on a SimulatedDisk.
class SimulatedFile final : public File {
 public:
  SimulatedFile(SimulatedDisk& disk, const SimulatedProcess& process, SimulatedTree::FilePtr inode,
                std::string path, bool can_write, bool locks = false)
      : disk_(disk),
        process_(process),
        inode_(std::move(inode)),
        path_(std::move(path)),
        can_write_(can_write),
        locks_(locks) {}
  ~SimulatedFile() override;

  boost::system::result<std::size_t> read_at(std::span<std::byte> to,
                                             std::uint64_t offset) const override;
  boost::system::result<std::size_t> write_at(ByteView from, std::uint64_t offset) override;
  boost::system::error_code sync_data() override { return sync("sync_data"); }
  boost::system::error_code sync() override { return sync("sync"); }
  boost::system::error_code truncate(std::uint64_t size) override;
  boost::system::error_code allocate(std::uint64_t size) override;
  boost::system::result<std::uint64_t> size() const override;
  void drop_cache() const noexcept override;
  /// Then only whole blocks can be read and written, and what is written short, are whole sectors.
  bool bypass_cache() noexcept override;

 private:
  boost::system::error_code sync(const char* call);
  bool is_refused(ByteView bytes, std::uint64_t offset) const noexcept;
  std::size_t cut(std::size_t size) const noexcept;
  std::size_t half(std::size_t size) const noexcept;

  SimulatedDisk& disk_;
  const SimulatedProcess& process_;
  const SimulatedTree::FilePtr inode_;
  const std::string path_;
  const bool can_write_;
  const bool locks_;
  bool bypasses_cache_ = false;
};

}  // namespace sorteo::test
