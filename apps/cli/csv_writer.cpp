#include "apps/cli/csv_writer.hpp"

#include "apps/cli/csv_value.hpp"

namespace sorteo::cli {
namespace {

constexpr std::size_t kFlushBytes = 64 * 1024;

void append_value(std::string& to, std::string_view value) {
  const std::size_t before = to.size();
  to.resize(before + most_csv_bytes(value.size()));
  const char* const end = write_csv_value(to.data() + before, value);
  to.resize(static_cast<std::size_t>(end - to.data()));
}

}  // namespace

CsvWriter::CsvWriter(ByteSink& sink) : sink_(sink) { pending_.reserve(2 * kFlushBytes); }

boost::system::error_code CsvWriter::write_row(std::initializer_list<std::string_view> values) {
  if (error_) {
    return error_;
  }
  bool first = true;
  for (const std::string_view value : values) {
    if (!first) {
      pending_ += ',';
    }
    first = false;
    append_value(pending_, value);
  }
  pending_ += "\r\n";
  return pending_.size() < kFlushBytes ? error_ : flush();
}

boost::system::error_code CsvWriter::flush() {
  if (!error_ && !pending_.empty()) {
    error_ = sink_.write(pending_);
    pending_.clear();
  }
  return error_;
}

}  // namespace sorteo::cli
