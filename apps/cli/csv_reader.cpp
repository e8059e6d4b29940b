#include "apps/cli/csv_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sorteo::cli {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

static_assert(kBufferBytes > CsvReader::kMaxRecordBytes, "fill() needs room behind a record");

// Makes every "" between `first` and `last` one quote, in place; returns the new end.
char* join_doubled_quotes(char* first, char* last) {
  char* to = first;
  for (char* from = first; from != last; ++from) {
    *to++ = *from;
    if (*from == '"') {
      ++from;  // the scanner has seen to it that quotes come in pairs
    }
  }
  return to;
}

}  // namespace

// Finds the fields of the record at the beginning of a window, and its end.
class CsvReader::Scanner final {
 public:
  enum class Result { kRecord, kCut, kStrayQuote, kTextAfterQuote };

  // `is_last`: the input ends with the window.
  Scanner(std::string_view window, bool is_last, std::vector<RawField>& fields)
      : window_(window), is_last_(is_last), fields_(fields) {}

  Result scan() {
    fields_.clear();
    for (;;) {  // a field a turn
      const Result field = at_ < window_.size() && window_[at_] == '"' ? quoted() : plain();
      if (field != Result::kRecord) {
        return field;
      }
      if (at_ == window_.size()) {
        return is_last_ ? Result::kRecord : Result::kCut;
      }
      const std::string_view rest = window_.substr(at_);
      if (rest[0] == ',') {
        ++at_;
        continue;
      }
      if (rest[0] == '\n' || rest.starts_with("\r\n")) {
        at_ += rest[0] == '\n' ? 1 : 2;
        return Result::kRecord;
      }
      return rest == "\r" && !is_last_ ? Result::kCut : Result::kTextAfterQuote;
    }
  }

  // Where the record ends, behind its line break.
  std::size_t end() const noexcept { return at_; }

 private:
  Result quoted() {
    const std::size_t begin = ++at_;
    bool doubled = false;
    for (;;) {  // a quote a turn
      const std::size_t quote = window_.find('"', at_);
      if (quote == std::string_view::npos) {
        return Result::kCut;
      }
      at_ = quote + 1;
      if (at_ == window_.size() || window_[at_] != '"') {
        fields_.push_back({begin, quote - begin, doubled});
        return Result::kRecord;
      }
      doubled = true;
      ++at_;
    }
  }

  Result plain() {
    const std::size_t begin = at_;
    for (;;) {
      at_ = std::min(window_.find_first_of(",\n\r\"", at_), window_.size());
      const std::string_view rest = window_.substr(at_);
      const bool lone_return = rest.size() > 1 && rest[0] == '\r' && rest[1] != '\n';
      if (!lone_return && !(rest == "\r" && is_last_)) {
        fields_.push_back({begin, at_ - begin, false});
        return rest.starts_with('"') ? Result::kStrayQuote : Result::kRecord;
      }
      ++at_;  // it ends no line, so it is text
    }
  }

  const std::string_view window_;
  const bool is_last_;
  std::vector<RawField>& fields_;
  std::size_t at_ = 0;
};

CsvReader::CsvReader(ByteSource& source) : source_(source), buffer_(kBufferBytes) {}

CsvItem CsvReader::next() {
  if (!std::exchange(started_, true)) {
    if (auto error = skip_byte_order_mark()) {
      return std::move(*error);
    }
  }
  for (;;) {  // every turn returns or reads on, so it ends with the source
    if (skipping_) {
      skip_line();
    }
    if (begin_ == end_ && at_end_) {
      return CsvEnd{};
    }
    if (begin_ != end_) {
      const std::string_view bytes = window();
      Scanner scanner(bytes, at_end_ && bytes.size() == end_ - begin_, raw_fields_);
      switch (scanner.scan()) {
        case Scanner::Result::kRecord:
          return take_record(scanner.end());
        case Scanner::Result::kStrayQuote:
          return take_fault("a quote stands inside a field that does not begin with one");
        case Scanner::Result::kTextAfterQuote:
          return take_fault("text follows the closing quote of a field");
        case Scanner::Result::kCut:
          if (end_ - begin_ > kMaxRecordBytes) {
            return take_fault("the line is longer than " + std::to_string(kMaxRecordBytes) +
                              " bytes, or a closing quote is missing");
          }
          if (at_end_) {
            return take_fault("a closing quote is missing");
          }
      }
    }
    if (auto error = fill()) {
      return std::move(*error);
    }
  }
}

std::string_view CsvReader::window() const noexcept {
  return {buffer_.data() + begin_, std::min(end_ - begin_, kMaxRecordBytes)};
}

std::optional<InputError> CsvReader::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= std::exchange(begin_, 0);
  auto got = source_.read(std::span(buffer_).subspan(end_));
  if (got.has_error()) {
    return std::move(got).error();
  }
  end_ += *got;
  at_end_ = *got == 0;
  return std::nullopt;
}

std::optional<InputError> CsvReader::skip_byte_order_mark() {
  while (end_ < kByteOrderMark.size() && !at_end_) {
    if (auto error = fill()) {
      return error;
    }
  }
  if (window().starts_with(kByteOrderMark)) {
    begin_ = kByteOrderMark.size();
  }
  return std::nullopt;
}

CsvRecord CsvReader::take_record(std::size_t size) {
  char* const record = buffer_.data() + begin_;
  const std::uint64_t line = line_;
  line_ += static_cast<std::uint64_t>(std::count(record, record + size, '\n'));
  begin_ += size;

  fields_.clear();
  for (const RawField& raw : raw_fields_) {
    char* const first = record + raw.begin;
    char* const end = first + raw.size;
    char* const last = raw.has_doubled_quotes ? join_doubled_quotes(first, end) : end;
    fields_.emplace_back(first, static_cast<std::size_t>(last - first));
  }
  return {line, fields_};
}

CsvFault CsvReader::take_fault(std::string message) {
  const std::uint64_t line = line_;
  skipping_ = true;
  skip_line();
  return {line, std::move(message)};
}

// Gives up the rest of the line, as far as it has been read.
void CsvReader::skip_line() {
  const std::size_t line_break = std::string_view(buffer_.data(), end_).find('\n', begin_);
  skipping_ = line_break == std::string_view::npos;
  begin_ = skipping_ ? end_ : line_break + 1;
  line_ += skipping_ ? 0 : 1;
}

}  // namespace sorteo::cli
