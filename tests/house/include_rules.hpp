#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sorteo::test {

/// What is wrong with the includes between the folders of the tree at `root`, a line each:
/// `transport/session.cpp:7: transport may not include storage`. The rules are a table at the top
/// of the .cpp.
std::vector<std::string> check_includes(const std::filesystem::path& root);

/// What the public headers of the SDK show and must not: Asio, JSON or spdlog. Public is
/// client_sdk/client.hpp with all that it includes.
std::vector<std::string> check_public_headers(const std::filesystem::path& root);

}  // namespace sorteo::test
