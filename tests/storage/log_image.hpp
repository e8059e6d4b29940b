#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "storage/block_buffer.hpp"
#include "storage/log_scan.hpp"
#include "tests/storage/fake_file_system.hpp"
#include "tests/storage/test_bets.hpp"

namespace sorteo::test {

inline constexpr std::uint64_t kLogId = 0x0123456789ABCDEF;

/// Makes the bytes of a log of one segment, by the writer that the store uses too. Copies go on as
/// one.
class LogImage final {
 public:
  static constexpr std::uint64_t kCapacity = 4096;

  explicit LogImage(std::uint64_t log_id = kLogId, std::uint64_t capacity = kCapacity);

  /// Commits the batches together: none of them says that another one is durable.
  LogImage& group(const std::vector<TestBatch>& batches);
  LogImage& batch(std::uint32_t agency, const std::vector<std::string>& names);
  /// One with an identity, whose record follows that of the session at `before`.
  LogImage& once(const IdentifiedBatch& batch, std::uint64_t before);
  LogImage& finish(std::uint32_t agency, std::uint64_t bets);
  LogImage& draw(std::uint32_t winning_number);

  /// Up to the end of the log, without the zeros behind it.
  std::string bytes() const;
  /// Where the records begin, and last where the log ends.
  std::vector<std::uint64_t> offsets() const;
  /// The bytes of the record with that index, from 0.
  std::string record(std::size_t index) const;
  /// What a witness says of the log as it is.
  LogClaim claim(bool is_last = false) const;

 private:
  class Writer;
  LogImage& commit(BlockBuffer& records);

  std::shared_ptr<Writer> writer_;  // shared by the copies
};

/// The bytes with zeros behind them up to the size that their header says.
std::string filled_up(std::string bytes);

/// What a scan of a log with these bytes, filled up, says: its batches, then how it ends, as in
/// `1: Ana; 2: Eva; torn at 204, 20 bytes` or `1: Ana; damaged at 118, record 2`. Reads it again by
/// threads that read ahead, which must make no difference.
std::string scan(const std::string& bytes, const std::vector<LogClaim>& claims = {});

}  // namespace sorteo::test
