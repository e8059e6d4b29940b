#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "apps/cli/byte_source.hpp"

namespace sorteo::cli {

/// One record. The views live until the next one is asked for.
struct CsvRecord {
  std::uint64_t line = 0;  ///< where it begins, from 1
  std::span<const std::string_view> fields;
};

/// A record that is not well-formed. Reading goes on with the line after the one named.
struct CsvFault {
  std::uint64_t line = 0;  ///< where it begins, from 1
  std::string message;
};

/// There is nothing more.
struct CsvEnd {};

using CsvItem = std::variant<CsvRecord, CsvFault, CsvEnd, InputError>;

/// Reads CSV as RFC 4180 writes it. Lines end with CR LF or LF, the last one with or without; a
/// UTF-8 byte order mark at the beginning is passed over. An empty line is a record of one empty
/// field. Memory is fixed, whatever the input. Not thread-safe.
class CsvReader final {
 public:
  /// The longest record, in bytes, with its line break.
  static constexpr std::size_t kMaxRecordBytes = 8 * 1024;

  /// `source` must outlive the reader.
  explicit CsvReader(ByteSource& source);

  /// The next record, or what stands in its place. After CsvEnd or InputError, do not ask again.
  CsvItem next();

 private:
  // A field within its record, still as it was written.
  struct RawField {
    std::size_t begin;
    std::size_t size;
    bool has_doubled_quotes;
  };
  class Scanner;

  std::optional<InputError> fill();
  std::optional<InputError> skip_byte_order_mark();
  std::string_view window() const noexcept;
  CsvRecord take_record(std::size_t size);
  CsvFault take_fault(std::string message);
  void skip_line();

  ByteSource& source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // what is read and not yet taken: [begin_, end_)
  std::size_t end_ = 0;
  std::uint64_t line_ = 1;  // of begin_
  bool started_ = false;
  bool at_end_ = false;    // the source has no more
  bool skipping_ = false;  // in the middle of a line that was given up
  std::vector<RawField> raw_fields_;
  std::vector<std::string_view> fields_;
};

}  // namespace sorteo::cli
