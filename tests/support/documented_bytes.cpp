#include "tests/support/documented_bytes.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iomanip>
#include <sstream>

namespace sorteo::test {

std::string upper_hex(std::string_view bytes) {
  std::ostringstream text;
  for (const char byte : bytes) {
    text << std::hex << std::uppercase << std::setw(2) << std::setfill('0')
         << static_cast<int>(static_cast<unsigned char>(byte));
  }
  return text.str();
}

std::string documented_bytes(const std::string& path) {
  std::ifstream page(path);
  std::string line;
  while (std::getline(page, line) && !line.starts_with("<!-- A test")) {
  }
  std::getline(page, line);
  std::string bytes;
  while (std::getline(page, line) && line != "```") {
    std::istringstream columns(line);
    std::string offset;
    std::string value;
    columns >> offset >> value;
    EXPECT_EQ(offset, std::to_string(bytes.size() / 2)) << line;
    bytes += value;
  }
  return bytes;
}

}  // namespace sorteo::test
