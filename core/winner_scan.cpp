#include "core/winner_scan.hpp"

#include "core/text.hpp"

namespace sorteo {

void append_winners(const Batch& batch, std::uint32_t number,
                    std::vector<std::uint32_t>& documents) {
  for (const BetView& bet : batch) {
    if (parse_decimal(bet.number) == number) {
      documents.push_back(parse_decimal(bet.document).value_or(0));
    }
  }
}

}  // namespace sorteo
