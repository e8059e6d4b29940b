#pragma once

#include <functional>
#include <string>

#include "storage/stored_bets.hpp"

namespace sorteo::cli {

/// sorteo::read_store_parts, or what a test puts in its place.
using ReadStore = std::function<boost::system::result<StoreSummary, StoreFailure>(
    const std::string& path, PartVisitor* visitor, const StoreProgress& progress)>;

}  // namespace sorteo::cli
