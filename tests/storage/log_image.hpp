#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "storage/log_writer.hpp"
#include "tests/storage/fake_file_system.hpp"
#include "tests/storage/test_bets.hpp"

namespace sorteo::test {

inline constexpr std::uint64_t kLogId = 0x0123456789ABCDEF;

/// Makes the bytes of a log, by the writer that the store uses too. Copies go on as one.
class LogImage final {
 public:
  explicit LogImage(std::uint64_t log_id = kLogId);

  /// Commits the batches together: none of them says that another one is durable.
  LogImage& group(const std::vector<TestBatch>& batches);
  LogImage& batch(std::uint32_t agency, const std::vector<std::string>& names);
  LogImage& finish(std::uint32_t agency);
  LogImage& draw(std::uint32_t winning_number);
  LogImage& mark();

  std::string bytes() const;
  /// Where the records begin, and last where the log ends.
  std::vector<std::uint64_t> offsets() const;
  /// The bytes of the record with that index, from 0.
  std::string record(std::size_t index) const;

 private:
  std::shared_ptr<FakeFileSystem> disk_;  // shared by the copies
  std::shared_ptr<LogWriter> writer_;     // shared by the copies
};

/// What a scan of a log with these bytes says: its batches, then how it ends, as in
/// `1: Ana; 2: Eva; torn at 204, 20 bytes` or `1: Ana; damaged at 118, record 2`.
std::string scan(const std::string& bytes);

}  // namespace sorteo::test
