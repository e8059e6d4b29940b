#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sorteo {

/// How many letters must be added, taken away, changed, or swapped with their neighbour to make `a`
/// into `b` (optimal string alignment distance; capitals are the same letters).
std::size_t typing_distance(std::string_view a, std::string_view b);

/// The candidate that `word` was probably meant to be; nothing when none is near enough for that.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

}  // namespace sorteo
