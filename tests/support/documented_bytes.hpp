#pragma once

#include <string>
#include <string_view>

namespace sorteo::test {

/// Hexadecimal digits in upper case, as the pages write bytes.
std::string upper_hex(std::string_view bytes);

/// The bytes of the first example in the page at `path` that a test reads: the second column of the
/// block behind `<!-- A test`. The first column has to be the offset of each line, which is
/// checked.
std::string documented_bytes(const std::string& path);

}  // namespace sorteo::test
