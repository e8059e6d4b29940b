#include "tests/support/test_ca.hpp"

#include <stdexcept>

#include "tests/support/process.hpp"

namespace sorteo::test {

TestCa::TestCa() { make({}); }

void TestCa::make(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command = {SORTEO_SOURCE_DIR "/scripts/make-test-ca.sh", folder_.path()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  Process script(command);
  if (script.wait() != ProcessEnd{0, std::nullopt}) {
    throw std::runtime_error("make-test-ca.sh: " + script.err());
  }
}

}  // namespace sorteo::test
