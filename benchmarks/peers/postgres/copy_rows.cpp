#include "benchmarks/peers/postgres/copy_rows.hpp"

#include <chrono>
#include <string_view>

#include "core/bytes.hpp"
#include "core/text.hpp"

namespace sorteo::peers {

namespace {

constexpr std::string_view kSignature{"PGCOPY\n\377\r\n\0", 11};
constexpr std::uint16_t kColumns = 5;

void append_text(std::string& to, std::string_view text) {
  append_u32(to, static_cast<std::uint32_t>(text.size()));
  to += text;
}

void append_bigint(std::string& to, std::string_view decimal) {
  append_u32(to, 8);
  append_u64(to, parse_decimal(decimal).value());
}

// Days since 2000-01-01.
void append_date(std::string& to, const std::string& date) {
  namespace chrono = std::chrono;
  const chrono::sys_days day = chrono::year(std::stoi(date.substr(0, 4))) /
                               chrono::month(static_cast<unsigned>(std::stoi(date.substr(5, 2)))) /
                               chrono::day(static_cast<unsigned>(std::stoi(date.substr(8, 2))));
  const chrono::sys_days origin = chrono::year(2000) / 1 / 1;
  append_u32(to, 4);
  append_u32(to, static_cast<std::uint32_t>((day - origin).count()));
}

}  // namespace

std::string copy_text(const std::vector<Bet>& bets) {
  std::string rows;
  for (const Bet& bet : bets) {
    rows += bet.first_name + '\t' + bet.last_name + '\t' + bet.document + '\t' + bet.birthdate +
            '\t' + bet.number + '\n';
  }
  return rows;
}

std::string copy_binary(const std::vector<Bet>& bets) {
  std::string rows(kSignature);
  append_u32(rows, 0);  // flags
  append_u32(rows, 0);  // no extension of the header
  for (const Bet& bet : bets) {
    append_u16(rows, kColumns);
    append_text(rows, bet.first_name);
    append_text(rows, bet.last_name);
    append_bigint(rows, bet.document);
    append_date(rows, bet.birthdate);
    append_bigint(rows, bet.number);
  }
  append_u16(rows, 0xFFFF);  // the end
  return rows;
}

}  // namespace sorteo::peers
