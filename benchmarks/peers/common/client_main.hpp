#pragma once

#include <functional>
#include <string>
#include <vector>

#include "benchmarks/peers/common/load_options.hpp"

namespace sorteo::peers {

/// The `main` of a client: parses the options (parse_load_options()), runs, and says on standard
/// error what was thrown. Returns what the program shall end with.
int client_main(int argc, char** argv, const std::string& about,
                const std::vector<std::string>& modes,
                const std::function<void(const LoadOptions&)>& run);

}  // namespace sorteo::peers
