#pragma once

#include <string>
#include <vector>

#include "core/bet.hpp"

namespace sorteo::peers {

/// The rows of bets as COPY ... FORMAT text reads them.
std::string copy_text(const std::vector<Bet>& bets);

/// The same as COPY ... FORMAT binary reads them: text, text, bigint, date, bigint.
std::string copy_binary(const std::vector<Bet>& bets);

}  // namespace sorteo::peers
