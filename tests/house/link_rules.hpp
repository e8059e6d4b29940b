#pragma once

#include <string>
#include <vector>

namespace sorteo::test {

/// What is wrong with what the folders' targets link, a line each. `lines` are
/// `<folder> <target> <library>...`, as the build lists them; they must say the same as the rules
/// of the includes.
std::vector<std::string> check_links(const std::vector<std::string>& lines);

}  // namespace sorteo::test
