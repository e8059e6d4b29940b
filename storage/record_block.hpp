#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/bet_store.hpp"
#include "storage/file.hpp"
#include "storage/log_record.hpp"

namespace sorteo {

/// Whole records of a segment that stand one behind the other, in memory. Not thread-safe.
class RecordBlock final {
 public:
  /// Holds `bytes` bytes at most. Throws std::bad_alloc.
  explicit RecordBlock(std::size_t bytes) : bytes_(bytes) {}

  /// Reads what stands in `file` at `from`, up to `end`, and returns where the last whole record of
  /// it ends: `from` when none does, or the system could not read.
  std::uint64_t read(const File& file, std::uint64_t from, std::uint64_t end) noexcept;

  /// Ends the block before the first record that has a wrong checksum, and shows the batches of the
  /// others to a part of `parts`, if that is given. False when it holds less than it did; when
  /// memory runs out, nothing.
  bool check(std::uint64_t log_id, PartVisitor* parts) noexcept;

  /// The record that begins at `offset` of the file, if one does here. Lives until read().
  std::optional<ByteView> at(std::uint64_t offset) const noexcept {
    const std::uint64_t skip = offset - begin_;  // wraps around before the block
    if (skip >= size_) {
      return std::nullopt;
    }
    return first_of(ByteView(bytes_).subspan(static_cast<std::size_t>(skip)));
  }

  /// All records.
  ByteView records() const noexcept { return ByteView(bytes_).first(size_); }

  /// What has seen all batches of the block; may be null.
  BatchPart* part() const noexcept { return part_.get(); }

  /// Holds no record any more, and no part.
  void clear() noexcept;

  /// The record at the start of `records`, which are whole.
  static ByteView first_of(ByteView records) noexcept {
    return records.first(kRecordHeaderBytes + decode_record_header(records).length);
  }

 private:
  void show(ByteView record, PartVisitor& parts);

  std::vector<std::byte> bytes_;
  std::uint64_t begin_ = 0;  // in the file
  std::size_t size_ = 0;     // of the records
  std::unique_ptr<BatchPart> part_;
};

}  // namespace sorteo
