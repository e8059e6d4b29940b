// Any bytes as a CSV file: reading ends, lines count upwards, and the same records come whatever
// pieces the file is read in.

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "apps/cli/csv_reader.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace sorteo::cli;
using sorteo::test::require;

class Source final : public ByteSource {
 public:
  Source(std::string_view text, std::size_t step) : rest_(text), step_(step) {}

  boost::system::result<std::size_t, InputError> read(std::span<char> room) override {
    const std::size_t count = std::min({step_, room.size(), rest_.size()});
    std::memcpy(room.data(), rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  std::size_t step_;
};

std::vector<std::string> read(std::string_view text, std::size_t step) {
  Source source(text, step);
  CsvReader reader(source);
  std::vector<std::string> seen;
  std::uint64_t line = 0;
  for (;;) {
    const CsvItem item = reader.next();
    if (const auto* record = std::get_if<CsvRecord>(&item)) {
      require(record->line > line);
      line = record->line;
      for (const std::string_view field : record->fields) {
        seen.emplace_back(field);
      }
      seen.emplace_back("\n");
    } else if (const auto* fault = std::get_if<CsvFault>(&item)) {
      require(fault->line > line && !fault->message.empty());
      line = fault->line;
      seen.push_back(fault->message);
    } else {
      return seen;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = sorteo::as_text(sorteo::test::fuzz_bytes(data, size));
  require(read(text, 1) == read(text, std::max<std::size_t>(size, 1)));
  return 0;
}
