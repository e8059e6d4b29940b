#include "benchmarks/peers/common/client_main.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>

namespace sorteo::peers {

int client_main(int argc, char** argv, const std::string& about,
                const std::vector<std::string>& modes,
                const std::function<void(const LoadOptions&)>& run) {
  LoadOptions options;
  if (const auto code = parse_load_options(argc, argv, about, modes, options)) {
    return *code;
  }
  try {
    run(options);
    return 0;
  } catch (const std::exception& error) {
    const std::string name = std::filesystem::path(argv[0]).filename();
    std::fprintf(stderr, "%s: %s\n", name.c_str(), error.what());
    return 1;
  }
}

}  // namespace sorteo::peers
