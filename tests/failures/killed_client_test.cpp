// Agency programs with an outbox, killed at any moment and run again until they are done: each bet
// is stored once, in its order.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <sstream>
#include <string>
#include <vector>

#include "tests/failures/attack_size.hpp"
#include "tests/failures/mortal_program.hpp"
#include "tests/failures/mortal_server.hpp"
#include "tests/failures/numbered_bets.hpp"

namespace sorteo::test {
namespace {

using std::chrono::microseconds;

constexpr std::uint32_t kBets = 600;

std::vector<std::uint32_t> documents_in(const std::string& text) {
  std::vector<std::uint32_t> documents;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    documents.push_back(static_cast<std::uint32_t>(std::stoul(line)));
  }
  return documents;
}

std::string csv_lines(const std::string& before, const std::string& line_end) {
  std::string text;
  for (std::uint32_t index = 1; index <= kBets; ++index) {
    const Bet bet = numbered_bet(1, index);
    text += before + bet.first_name + "," + bet.last_name + "," + bet.document + "," +
            bet.birthdate + "," + bet.number + line_end;
  }
  return text;
}

// One agency's bets on a server of their own, up to the draw.
class AgencyDay final {
 public:
  AgencyDay() { server_.start_and_wait(); }

  std::vector<std::string> submit() const {
    return {SORTEO_PROGRAM, "submit",   "--server", address(),      "--agency", "1",      "--csv",
            csv_,           "--outbox", outbox(),   "--batch-bets", "7",        "--wait", "60s"};
  }

  std::vector<std::string> program() const {
    return {SORTEO_OUTBOX_AGENCY, std::to_string(server_.port()), outbox(), std::to_string(kBets)};
  }

  MortalServer& server() noexcept { return server_; }

  // Run once more when all is done, it changes nothing and says the same.
  void expect_done_for_good(const MortalProgram& program, const KilledRuns& runs) {
    ASSERT_TRUE(runs.is_done);
    EXPECT_EQ(program.run().out, runs.out);
    server_.stop();
    const NumberedBets stored = bets_stored_in(server_.store());
    const auto fault = stored.fault_of(1);
    EXPECT_FALSE(fault) << *fault;
    EXPECT_EQ(stored.size(), kBets);
    EXPECT_EQ(stored.of_agency(1), kBets);
    EXPECT_EQ(documents_in(runs.out), stored.winners_of(1));
  }

  void expect_export_equals_the_csv() const {
    Process exporter({SORTEO_PROGRAM, "export", "--storage", server_.store(), "--out",
                      server_.folder() / "export.csv"});
    EXPECT_EQ(exporter.wait(), (ProcessEnd{0, std::nullopt})) << exporter.err();
    EXPECT_EQ(server_.folder().content("export.csv"), csv_lines("1,", "\r\n"));
  }

 private:
  std::string address() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  std::string outbox() const { return server_.folder() / "outbox"; }

  MortalServer server_{1};
  const std::string csv_ = server_.folder().write("bets.csv", csv_lines("", "\n"));
};

class KilledClientTest : public ::testing::Test {
 protected:
  using Argv = std::vector<std::string> (AgencyDay::*)() const;
  using Check = void (AgencyDay::*)() const;

  // Days, until so many runs have been killed. In one of three the server is killed with the client
  // now and then.
  void kill_until(std::uint64_t kills, Argv argv, Check check) {
    cli::SplitMix random(attack_seed());
    const microseconds longest = time_without_a_kill(argv);
    std::uint64_t killed = 0;
    for (std::uint64_t day = 0; killed < kills && !HasFailure(); ++day) {
      AgencyDay agency;
      const MortalProgram program((agency.*argv)());
      const auto runs = program.run_until_done(random, longest, kMostKillsADay, [&] {
        if (day % 3 == 2 && random.below(3) == 0) {
          agency.server().kill();
          agency.server().start_and_wait();
        }
      });
      killed += runs.kills;
      agency.expect_done_for_good(program, runs);
      if (check != nullptr) {
        (agency.*check)();
      }
    }
    say_done("kills of the client", killed);
  }

 private:
  static constexpr std::uint64_t kMostKillsADay = 500;

  // Also shows that a run that nobody kills does it all.
  microseconds time_without_a_kill(Argv argv) const {
    AgencyDay agency;
    const MortalProgram program((agency.*argv)());
    const auto began = std::chrono::steady_clock::now();
    const KilledRuns runs = program.run();
    const auto time = std::chrono::steady_clock::now() - began;
    agency.expect_done_for_good(program, runs);
    return std::chrono::duration_cast<microseconds>(time);
  }
};

TEST_F(KilledClientTest, SubmitWithAnOutboxStoresEachLineOnce) {
  kill_until(attack_size("SORTEO_CLIENT_KILLS", 20, 500), &AgencyDay::submit,
             &AgencyDay::expect_export_equals_the_csv);
}

TEST_F(KilledClientTest, AProgramWithAnOutboxStoresEachBetOnce) {
  kill_until(attack_size("SORTEO_PROGRAM_KILLS", 20, 500), &AgencyDay::program, nullptr);
}

}  // namespace
}  // namespace sorteo::test
