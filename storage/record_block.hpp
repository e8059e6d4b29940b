#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/bet_store.hpp"
#include "storage/file.hpp"
#include "storage/log_record.hpp"

namespace sorteo {

/// Whole records of a segment that stand one behind the other, in memory. Not thread-safe.
class RecordBlock final {
 public:
  /// Where its records begin: within so many bytes. Holds as many again, for the last of them.
  /// Throws std::bad_alloc.
  explicit RecordBlock(std::size_t bytes)
      : block_(bytes), bytes_(std::make_unique_for_overwrite<std::byte[]>(2 * bytes)) {}

  /// Reads the records that begin in `file`, a segment with that base, from `from` on. The first is
  /// found by what it says itself of its place, wherever it stands. None is read that ends behind
  /// `end`. False when there is none, or the system could not read.
  bool read(const File& file, std::uint64_t base, std::uint64_t from, std::uint64_t end) noexcept;

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
    return first_of(records().subspan(static_cast<std::size_t>(skip)));
  }

  /// Whether its first record begins at `offset` of the file.
  bool begins_at(std::uint64_t offset) const noexcept { return size_ > 0 && begin_ == offset; }

  /// All records.
  ByteView records() const noexcept { return {bytes_.get() + first_, size_}; }

  /// What has seen all batches of the block; may be null.
  BatchPart* part() const noexcept { return part_.get(); }

  /// Holds no record any more, and no part.
  void clear() noexcept;

  /// The record at the start of `records`, which are whole.
  static ByteView first_of(ByteView records) noexcept {
    return records.first(kRecordHeaderBytes + decode_record_header(records).length);
  }

 private:
  std::size_t read_bytes(const File& file, std::size_t held, std::size_t size, std::uint64_t from,
                         std::uint64_t end) noexcept;
  void show(ByteView record, PartVisitor& parts);

  std::size_t block_;
  std::unique_ptr<std::byte[]> bytes_;
  std::size_t first_ = 0;    // where in them the records begin
  std::uint64_t begin_ = 0;  // where in the file
  std::size_t size_ = 0;     // of the records
  std::unique_ptr<BatchPart> part_;
};

}  // namespace sorteo
