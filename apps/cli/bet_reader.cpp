#include "apps/cli/bet_reader.hpp"

#include <utility>

namespace sorteo::cli {
namespace {

constexpr std::size_t kFields = 5;

bool is_empty_line(const CsvItem& item) {
  const auto* record = std::get_if<CsvRecord>(&item);
  return record != nullptr && record->fields.size() == 1 && record->fields[0].empty();
}

BetItem checked(const CsvRecord& record) {
  if (record.fields.size() != kFields) {
    const std::size_t count = record.fields.size();
    return BadLine{record.line, std::to_string(count) + (count == 1 ? " field" : " fields") +
                                    " where 5 are expected: first_name,last_name,document," +
                                    "birthdate,number"};
  }
  const BetView bet{record.fields[0], record.fields[1], record.fields[2], record.fields[3],
                    record.fields[4]};
  if (const auto bad = find_bad_field(bet)) {
    return BadLine{record.line, describe(*bad)};
  }
  return bet;
}

BetItem to_bet_item(CsvItem item) {
  if (const auto* record = std::get_if<CsvRecord>(&item)) {
    return checked(*record);
  }
  if (auto* fault = std::get_if<CsvFault>(&item)) {
    return BadLine{fault->line, std::move(fault->message)};
  }
  if (auto* error = std::get_if<InputError>(&item)) {
    return std::move(*error);
  }
  return CsvEnd{};
}

}  // namespace

BetReader::BetReader(ByteSource& source) : csv_(source) {}

BetItem BetReader::next() {
  if (!held_) {
    held_ = next_filled_line();
  }
  if (empty_lines_ > 0 && !std::holds_alternative<CsvEnd>(*held_)) {
    --empty_lines_;
    return BadLine{empty_line_++, "the line is empty"};
  }
  return to_bet_item(*std::exchange(held_, std::nullopt));
}

CsvItem BetReader::next_filled_line() {
  CsvItem item = csv_.next();
  if (is_empty_line(item)) {
    empty_line_ = std::get<CsvRecord>(item).line;
  }
  while (is_empty_line(item)) {
    ++empty_lines_;
    item = csv_.next();
  }
  return item;
}

}  // namespace sorteo::cli
