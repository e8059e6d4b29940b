#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/bytes.hpp"

namespace sorteo {

/// One open file, as far as a log needs it: each function is one call to the system, and tests put
/// a disk that fails behind it. Closed by its destructor. Reading is thread-safe; the rest is not.
class File {
 public:
  /// What a file is read and written in, past the system's cache.
  static constexpr std::size_t kBlock = 4096;

  /// So many bytes, or a few more: whole blocks.
  static constexpr std::uint64_t whole_blocks(std::uint64_t bytes) noexcept {
    return (bytes + kBlock - 1) / kBlock * kBlock;
  }

  virtual ~File() = default;

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

  /// Makes the file `size` bytes long, if it is shorter, and has the file system keep room for all
  /// of them: what was not written reads as zeros. Errors: not_supported, when it cannot do that.
  virtual boost::system::error_code allocate(std::uint64_t size) = 0;

  virtual boost::system::result<std::uint64_t> size() const = 0;

  /// Asks the system to forget what it keeps of the file in memory beside what waits to be written,
  /// so that the next reads show what is on the disk, and to begin with reading all of it from
  /// there. A request: the system need not follow it.
  virtual void drop_cache() const noexcept = 0;

  /// From now on, reads and writes go past the system's cache: they must begin at multiples of
  /// kBlock, in the file and in memory, and be such multiples long. What others read of the file is
  /// the same as before. False when the system cannot do that; nothing has changed then.
  virtual bool bypass_cache() noexcept = 0;
};

}  // namespace sorteo
