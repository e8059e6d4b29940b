// The real `sorteo` against the real server, over the loopback.

#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "tests/apps/cli/temporary_folder.hpp"
#include "tests/support/process.hpp"
#include "tests/support/server_process.hpp"

namespace sorteo::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kSorteo = SORTEO_PROGRAM;
const std::string kServer = SORTEO_SERVER_PROGRAM;

// What a program that has ended printed, and its exit code, or minus the signal that ended it.
struct Ended {
  int code;
  std::string out;
  std::string err;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line.substr(0, line.find('\r')));
  }
  return lines;
}

// The number behind `key: ` in a log line.
std::uint64_t number_in(const std::string& line, const std::string& key) {
  const std::size_t at = line.find("| " + key + ": ");
  EXPECT_NE(at, std::string::npos) << key << " in " << line;
  return at == std::string::npos ? 0 : std::stoull(line.substr(at + key.size() + 4));
}

// The number behind `key: ` in the log line with `action` and an end of it, success or fail.
std::uint64_t count_in(const std::string& log, const std::string& action, const std::string& key) {
  for (const std::string& line : lines_of(log)) {
    if (line.starts_with("action: " + action + " | ") &&
        line.find("in_progress") == std::string::npos) {
      return number_in(line, key);
    }
  }
  ADD_FAILURE() << "no " << action << " in\n" << log;
  return 0;
}

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
    const std::string config = folder_.file(
        "server.json", R"({"listen": {"host": "127.0.0.1", "port": 0}, "threads": 2, "draw": )"
                       R"({"agencies": )" +
                           std::to_string(agencies) +
                           R"(, "winning_number": 7574}, "storage": {"type": "file", "path": ")" +
                           store() + R"(", "durability": "os"}, "log": {"level": "info"}})");
    server_ = std::make_unique<ServerProcess>(kServer, config);
  }

  std::string store() const { return folder_.path("bets"); }
  std::string csv(int agency) const {
    return folder_.path("csv/agency-" + std::to_string(agency) + ".csv");
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(server_->port()); }

  void generate(int agencies, int bets) const {
    ASSERT_EQ(run({"generate", "--agencies", std::to_string(agencies), "--bets",
                   std::to_string(bets), "--seed", "1", "--out", folder_.path("csv")})
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

  TemporaryFolder folder_;
  std::unique_ptr<ServerProcess> server_;
};

TEST_F(SorteoProgramTest, FiveAgenciesSubmitAtOnceAndHearOfTheirWinners) {
  generate(5, 10'000);
  start_server(5);
  std::vector<std::unique_ptr<Process>> agencies;
  for (int agency = 1; agency <= 5; ++agency) {
    agencies.push_back(start(submit_arguments(agency)));
  }
  std::size_t winners = 0;
  for (int agency = 1; agency <= 5; ++agency) {
    const Ended ended = end_of(*agencies[static_cast<std::size_t>(agency - 1)]);
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(lines_of(ended.out), expected_winners(agency));
    EXPECT_EQ(count_in(ended.err, "consulta_ganadores", "cant_ganadores"),
              expected_winners(agency).size());
    winners += expected_winners(agency).size();
  }
  EXPECT_GT(winners, 0U) << "this seed should have winners";

  const auto exported = exported_lines();
  EXPECT_EQ(exported.size(), 5U);
  for (int agency = 1; agency <= 5; ++agency) {
    EXPECT_EQ(exported.at(std::to_string(agency)), sent_lines(agency)) << "agency " << agency;
  }
  const Ended verified = run({"verify", "--storage", store()});
  EXPECT_EQ(verified.code, 0);
  EXPECT_THAT(verified.out, HasSubstr("\nbets: 50000\n"));
  EXPECT_THAT(verified.out, HasSubstr("\ndraw: held, winning number 7574\ntorn tail: none\n"));
}

TEST_F(SorteoProgramTest, BadLineIsReportedBeforeAnythingIsSent) {
  generate(1, 500);
  std::ofstream(csv(1), std::ios::app) << "Eva,Sol,1,1999-02-30,5\n";
  start_server(1);
  const Ended ended = run(submit_arguments(1));
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr(csv(1) + ":501: birthdate \"1999-02-30\" is not a date\n"));
  EXPECT_EQ(ended.out, "");
  server_->stop();
  EXPECT_THAT(exported_lines(), IsEmpty());
}

TEST_F(SorteoProgramTest, WinnersAreToldWhenTheDrawHasBeenHeld) {
  generate(2, 3);
  start_server(2);
  Arguments without_waiting = submit_arguments(1);
  without_waiting.resize(without_waiting.size() - 2);
  without_waiting.emplace_back("--no-wait");
  EXPECT_EQ(run(without_waiting).code, 0);
  const Arguments winners{"winners", "--server", address(), "--agency", "1"};
  EXPECT_EQ(run(winners).code, 8);
  EXPECT_EQ(run(submit_arguments(2)).code, 0);
  Arguments waiting = winners;
  waiting.insert(waiting.end(), {"--wait", "60s"});
  EXPECT_EQ(run(waiting).code, 0);
}

TEST_F(SorteoProgramTest, BetsAfterTheFinishAreRefused) {
  generate(1, 1'000);
  start_server(2);
  Arguments without_waiting = submit_arguments(1);
  without_waiting.resize(without_waiting.size() - 2);
  without_waiting.emplace_back("--no-wait");
  EXPECT_EQ(run(without_waiting).code, 0);
  const Ended again = run(without_waiting);
  EXPECT_EQ(again.code, 6);
  EXPECT_THAT(again.err, HasSubstr("action: envio | result: fail | almacenadas: 0 |"));
  EXPECT_THAT(again.err, HasSubstr("action: lote | result: refused | desde_linea: 1 | "
                                   "hasta_linea: 100 | motivo: the agency has finished"));
}

TEST_F(SorteoProgramTest, RefusedConnectionHasItsOwnCode) {
  generate(1, 10);
  start_server(1);
  const Arguments arguments = submit_arguments(1);
  server_->stop();
  const Ended ended = run(arguments);
  EXPECT_EQ(ended.code, 4);
  EXPECT_THAT(ended.err, HasSubstr("almacenadas: 0 | rechazadas: 0 | desconocidas: 0 | "
                                   "no_enviadas: 10"));
  EXPECT_THAT(ended.err, HasSubstr("Connection refused"));
}

// What the summary of a submission that failed says of the lines of its file.
struct Fate {
  std::set<std::uint64_t> stored;
  std::set<std::uint64_t> unknown;
};

Fate fate_of(const std::string& log) {
  Fate fate;
  const std::uint64_t unknown = count_in(log, "envio", "desconocidas");
  const std::uint64_t answered = count_in(log, "envio", "almacenadas");
  for (std::uint64_t line = 1; line <= answered + unknown; ++line) {
    fate.stored.insert(line);
  }
  for (const std::string& line : lines_of(log)) {
    if (!line.starts_with("action: lote | result: unknown")) {
      continue;
    }
    const std::uint64_t last = number_in(line, "hasta_linea");
    for (std::uint64_t at = number_in(line, "desde_linea"); at <= last; ++at) {
      fate.unknown.insert(at);
      fate.stored.erase(at);
    }
  }
  EXPECT_EQ(fate.unknown.size(), unknown) << log;
  EXPECT_EQ(fate.stored.size(), answered) << log;
  return fate;
}

TEST_F(SorteoProgramTest, EveryAcknowledgedLineOutlivesAKilledServer) {
  generate(2, 40'000);
  start_server(2);
  std::vector<std::unique_ptr<Process>> agencies;
  for (int agency = 1; agency <= 2; ++agency) {
    Arguments small_batches = submit_arguments(agency);  // so that it takes a while
    small_batches.insert(small_batches.end(), {"--batch-bets", "5"});
    agencies.push_back(start(small_batches));
  }
  ASSERT_TRUE(server_->process().wait_for_err("action: apuesta_recibida | result: success"));
  server_->process().send_signal(SIGKILL);
  ASSERT_TRUE(server_->process().wait());

  std::vector<Fate> fates;
  for (const auto& agency : agencies) {
    const Ended ended = end_of(*agency);
    EXPECT_THAT(ended.code, testing::AnyOf(4, 5)) << ended.err;
    EXPECT_GT(count_in(ended.err, "envio", "no_enviadas"), 0U) << "it was killed too late";
    fates.push_back(fate_of(ended.err));
    EXPECT_EQ(ended.code == 5, !fates.back().unknown.empty());
  }
  start_server(2);
  const auto exported = exported_lines();
  for (int agency = 1; agency <= 2; ++agency) {
    const Fate& fate = fates[static_cast<std::size_t>(agency - 1)];
    const auto sent = sent_lines(agency);
    const auto found = exported.find(std::to_string(agency));
    const auto stored = found == exported.end() ? std::vector<std::string>() : found->second;
    // Batches are stored in their order: what is there is a beginning of the file.
    ASSERT_TRUE(std::equal(stored.begin(), stored.end(), sent.begin()));
    EXPECT_GE(stored.size(), fate.stored.empty() ? 0 : *fate.stored.rbegin());
    EXPECT_LE(stored.size(), fate.stored.size() + fate.unknown.size());
  }
}

TEST_F(SorteoProgramTest, WrongArgumentsAreUsageErrors) {
  for (const Arguments& arguments :
       {Arguments{}, Arguments{"draw"}, Arguments{"submit"}, Arguments{"export", "--storage"},
        Arguments{"winners", "--server", "127.0.0.1", "--agency", "1"}}) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.code, 2);
    EXPECT_EQ(ended.out, "");
    EXPECT_NE(ended.err, "");
  }
}

TEST_F(SorteoProgramTest, HelpAndVersionGoToStandardOutput) {
  EXPECT_THAT(run({"--version"}).out, HasSubstr("sorteo 0."));
  const Ended help = run({"submit", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("Examples:"));
  EXPECT_EQ(help.err, "");
}

TEST_F(SorteoProgramTest, ExportToAFullDeviceIsAFailure) {
  generate(1, 1'000);
  start_server(1);
  EXPECT_EQ(run(submit_arguments(1)).code, 0);
  Process full(
      {"/bin/sh", "-c", "exec \"$0\" export --storage \"$1\" > /dev/full", kSorteo, store()});
  const Ended ended = end_of(full);
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("standard output: cannot be written: No space left"));
  Process closed({"/bin/sh", "-c", "{ \"$0\" export --storage \"$1\"; echo $? >&2; } | true",
                  kSorteo, store()});
  EXPECT_THAT(end_of(closed).err, testing::AnyOf(HasSubstr("Broken pipe\n1\n"), "0\n"));
}

TEST_F(SorteoProgramTest, DamagedStoreHasItsOwnCode) {
  generate(1, 1'000);
  start_server(1);
  EXPECT_EQ(run(submit_arguments(1)).code, 0);
  server_->stop();
  std::size_t damaged = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store())) {
    if (entry.is_regular_file() && entry.file_size() > 10'000) {
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(5'000);
      file.write("damage", 6);
      ++damaged;
    }
  }
  ASSERT_EQ(damaged, 1U);
  const Ended verified = run({"verify", "--storage", store()});
  EXPECT_EQ(verified.code, 7);
  EXPECT_THAT(verified.err, HasSubstr(store()));
  EXPECT_EQ(run({"export", "--storage", store(), "--out", folder_.path("out.csv")}).code, 7);
  EXPECT_FALSE(std::filesystem::exists(folder_.path("out.csv")));
}

TEST_F(SorteoProgramTest, PathThatIsNoStoreIsAFailure) {
  EXPECT_EQ(run({"verify", "--storage", folder_.path("nowhere")}).code, 1);
  EXPECT_EQ(run({"export", "--storage", folder_.path("nowhere")}).code, 1);
}

}  // namespace
}  // namespace sorteo::test
