#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/posix_file_system.hpp"

namespace sorteo::benchmarks {

/// The system's files, and how often their data was made durable. Thread-safe.
class CountingFileSystem final : public FileSystem {
 public:
  /// How often fdatasync was called, in all files.
  std::uint64_t data_syncs() const noexcept { return data_syncs_; }

  boost::system::result<std::unique_ptr<File>> open(const std::string& path,
                                                    Open how) const override {
    return counted(files_.open(path, how));
  }
  boost::system::result<std::unique_ptr<File>> open_locked(const std::string& path) const override {
    return files_.open_locked(path);
  }
  boost::system::error_code make_directory(const std::string& path) const override {
    return files_.make_directory(path);
  }
  boost::system::error_code rename(const std::string& from, const std::string& to) const override {
    return files_.rename(from, to);
  }
  boost::system::error_code remove(const std::string& path) const override {
    return files_.remove(path);
  }
  boost::system::result<std::vector<std::string>> list_directory(
      const std::string& path) const override {
    return files_.list_directory(path);
  }
  boost::system::error_code sync_directory(const std::string& path) const override {
    return files_.sync_directory(path);
  }

 private:
  class CountedFile final : public File {
   public:
    CountedFile(std::unique_ptr<File> file, std::atomic<std::uint64_t>& data_syncs)
        : file_(std::move(file)), data_syncs_(data_syncs) {}

    boost::system::result<std::size_t> read_at(std::span<std::byte> to,
                                               std::uint64_t offset) const override {
      return file_->read_at(to, offset);
    }
    boost::system::result<std::size_t> write_at(ByteView from, std::uint64_t offset) override {
      return file_->write_at(from, offset);
    }
    boost::system::error_code sync_data() override {
      ++data_syncs_;
      return file_->sync_data();
    }
    boost::system::error_code sync() override { return file_->sync(); }
    boost::system::error_code truncate(std::uint64_t size) override {
      return file_->truncate(size);
    }
    boost::system::error_code allocate(std::uint64_t size) override {
      return file_->allocate(size);
    }
    boost::system::result<std::uint64_t> size() const override { return file_->size(); }
    void drop_cache() const noexcept override { file_->drop_cache(); }
    bool bypass_cache() noexcept override { return file_->bypass_cache(); }

   private:
    const std::unique_ptr<File> file_;
    std::atomic<std::uint64_t>& data_syncs_;
  };

  boost::system::result<std::unique_ptr<File>> counted(
      boost::system::result<std::unique_ptr<File>> file) const {
    if (file.has_error()) {
      return file.error();
    }
    return std::unique_ptr<File>(std::make_unique<CountedFile>(std::move(*file), data_syncs_));
  }

  PosixFileSystem files_;
  mutable std::atomic<std::uint64_t> data_syncs_ = 0;
};

}  // namespace sorteo::benchmarks
