#pragma once

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::test {

inline const std::string kSorteo = SORTEO_PROGRAM;
inline const std::string kServer = SORTEO_SERVER_PROGRAM;

/// What a program that has ended printed, and its exit code, or minus the signal that ended it.
struct Ended {
  int code;
  std::string out;
  std::string err;
};

/// The lines of a text, without their line breaks.
inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line.substr(0, line.find('\r')));
  }
  return lines;
}

/// The number behind `key: ` in a log line.
inline std::uint64_t number_in(const std::string& line, const std::string& key) {
  const std::size_t at = line.find("| " + key + ": ");
  EXPECT_NE(at, std::string::npos) << key << " in " << line;
  return at == std::string::npos ? 0 : std::stoull(line.substr(at + key.size() + 4));
}

/// The number behind `key: ` in the log line with `action` and an end of it, success or fail.
inline std::uint64_t count_in(const std::string& log, const std::string& action,
                              const std::string& key) {
  for (const std::string& line : lines_of(log)) {
    if (line.starts_with("action: " + action + " | ") &&
        line.find("in_progress") == std::string::npos) {
      return number_in(line, key);
    }
  }
  ADD_FAILURE() << "no " << action << " in\n" << log;
  return 0;
}

/// Runs the real `sorteo` against the real server, over the loopback.
class SorteoProgramTest : public testing::Test {
 protected:
  using Arguments = std::vector<std::string>;

  std::unique_ptr<Process> start(Arguments arguments) const {
    arguments.insert(arguments.begin(), kSorteo);
    return std::make_unique<Process>(arguments);
  }

  static Ended end_of(Process& process) {
    const auto end = process.wait();
    EXPECT_TRUE(end) << "it does not end:\n" << process.err();
    const int code = !end ? -1 : end->code ? *end->code : -*end->signal;
    return {code, process.out(), process.err()};
  }

  Ended run(Arguments arguments) const { return end_of(*start(std::move(arguments))); }

  void start_server(int agencies) {
    const std::string config = folder_.write(
        "server.json", R"({"listen": {"host": "127.0.0.1", "port": 0}, "threads": 2, "draw": )"
                       R"({"agencies": )" +
                           std::to_string(agencies) +
                           R"(, "winning_number": 7574}, "storage": {"type": "file", "path": ")" +
                           store() + R"(", "durability": "os"}, "log": {"level": "info"}})");
    server_ = std::make_unique<ServerProcess>(kServer, config);
  }

  std::string store() const { return folder_ / "bets"; }
  std::string csv(int agency) const {
    return (folder_ / "csv/agency-" + std::to_string(agency) + ".csv");
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(server_->port()); }

  void generate(int agencies, int bets) const {
    ASSERT_EQ(run({"generate", "--agencies", std::to_string(agencies), "--bets",
                   std::to_string(bets), "--seed", "1", "--out", folder_ / "csv"})
                  .code,
              0);
  }

  Arguments submit_arguments(int agency) const {
    return {"submit", "--server",  address(), "--agency", std::to_string(agency),
            "--csv",  csv(agency), "--wait",  "60s"};
  }

  std::vector<std::string> sent_lines(int agency) const {
    std::ifstream file(csv(agency), std::ios::binary);
    return lines_of({std::istreambuf_iterator<char>(file), {}});
  }

  // The documents of the agency's winners, as its CSV has them.
  std::vector<std::string> expected_winners(int agency) const {
    std::vector<std::string> winners;
    for (const std::string& line : sent_lines(agency)) {
      if (line.ends_with(",7574")) {
        const std::string rest = line.substr(line.find(',', line.find(',') + 1) + 1);
        winners.push_back(rest.substr(0, rest.find(',')));
      }
    }
    return winners;
  }

  // What is exported, without the agency, for each agency.
  std::map<std::string, std::vector<std::string>> exported_lines() const {
    const Ended exported = run({"export", "--storage", store()});
    EXPECT_EQ(exported.code, 0) << exported.err;
    std::map<std::string, std::vector<std::string>> lines;
    for (const std::string& line : lines_of(exported.out)) {
      const std::size_t comma = line.find(',');
      lines[line.substr(0, comma)].push_back(line.substr(comma + 1));
    }
    return lines;
  }

  TemporaryDirectory folder_;
  std::unique_ptr<ServerProcess> server_;
};

}  // namespace sorteo::test
