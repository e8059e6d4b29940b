#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/bytes.hpp"

namespace sorteo::client {

/// One open file of an outbox. Each function is one call to the system, and tests put a disk that
/// fails behind it. Closed by its destructor. Not thread-safe.
class OutboxFile {
 public:
  virtual ~OutboxFile() = default;

  /// Reads some bytes at `offset`, up to `to.size()`. 0 at the end of the file and past it.
  virtual boost::system::result<std::size_t> read_at(std::span<std::byte> to,
                                                     std::uint64_t offset) const = 0;

  /// Writes some bytes of `from` at `offset`, and says how many.
  virtual boost::system::result<std::size_t> write_at(ByteView from, std::uint64_t offset) = 0;

  /// Makes the data durable, and of the metadata what is needed to read it (fdatasync). After an
  /// error it is unknown what is on the disk, and asking again does not tell.
  virtual boost::system::error_code sync_data() = 0;

  /// Makes the data and all metadata durable (fsync). An error means the same.
  virtual boost::system::error_code sync() = 0;

  /// Cuts the file off at `size`.
  virtual boost::system::error_code truncate(std::uint64_t size) = 0;

  virtual boost::system::result<std::uint64_t> size() const = 0;

  /// Asks the system to forget what it keeps of the file in memory beside what waits to be written,
  /// so that the next reads show what is on the disk. A request: the system need not follow it.
  virtual void drop_cache() const noexcept = 0;
};

/// Opens the files of an outbox and gives them their names: with OutboxFile, the only way in which
/// an outbox touches the system.
class OutboxDisk {
 public:
  enum class Open {
    kExisting,  ///< a file that is there
    kEmpty,     ///< an empty file, in place of one that may be there
  };

  virtual ~OutboxDisk() = default;

  /// Opens a file for reading and writing. One that is made is its owner's alone.
  virtual boost::system::result<std::unique_ptr<OutboxFile>> open(const std::string& path,
                                                                  Open how) = 0;

  /// Opens a file, made if it is not there, and locks it until it is closed.
  /// Errors: resource_unavailable_try_again when it is locked already, by this process or another.
  virtual boost::system::result<std::unique_ptr<OutboxFile>> open_locked(
      const std::string& path) = 0;

  /// Gives the file at `from` the name `to`, in place of a file that may have it, in one step.
  virtual boost::system::error_code rename(const std::string& from, const std::string& to) = 0;

  /// Removes the file at `path`.
  virtual boost::system::error_code remove(const std::string& path) = 0;

  /// Makes the names in the folder of the file `path` durable.
  virtual boost::system::error_code sync_folder_of(const std::string& path) = 0;
};

}  // namespace sorteo::client
