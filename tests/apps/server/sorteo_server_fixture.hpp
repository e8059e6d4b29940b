#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::test {

inline constexpr char kServer[] = SORTEO_SERVER_PROGRAM;

inline ProcessEnd exited(int code) { return {.code = code, .signal = {}}; }

/// Runs the real program in a directory of its own.
class SorteoServerTest : public testing::Test {
 protected:
  /// A configuration with a file store, on a port that the system chooses; `draw` is its draw, and
  /// `more` are further members.
  std::string config(const std::string& more = "",
                     const std::string& draw = R"({"agencies": 2, "winning_number": 7574})") const {
    return directory_.write("server.json", R"({"listen": {"port": 0}, "threads": 2, "draw": )" +
                                               draw + R"(, "storage": {"type": "file", "path": ")" +
                                               store() + "\"}" + more + "}");
  }

  /// The directory of the store.
  std::string store() const { return directory_ / "bets"; }

  TemporaryDirectory directory_;
};

}  // namespace sorteo::test
