#pragma once

#include <string>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace sorteo::test {

/// A certificate authority in a folder of its own, made by scripts/make-test-ca.sh.
class TestCa final {
 public:
  /// Throws std::runtime_error when the script fails.
  TestCa();

  /// Runs the script once more: `{"--agency", "7,9", "--name", "several"}`.
  void make(const std::vector<std::string>& arguments) const;

  /// The paths of its files, as `server.pem`.
  std::string operator/(const std::string& name) const { return folder_ / name; }
  std::string ca() const { return folder_ / "ca.pem"; }
  std::string crl() const { return folder_ / "crl.pem"; }
  std::string certificate(const std::string& name) const { return folder_ / (name + ".pem"); }
  std::string key(const std::string& name) const { return folder_ / (name + ".key"); }

 private:
  TemporaryDirectory folder_;
};

}  // namespace sorteo::test
