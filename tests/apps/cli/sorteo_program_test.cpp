#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/apps/cli/sorteo_program_fixture.hpp"

namespace sorteo::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

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

// The first thing on a connection is then a Hello that no batch waits behind.
TEST_F(SorteoProgramTest, QuestionOnAFreshConnectionIsAnsweredInTime) {
  generate(1, 3);
  start_server(1);
  EXPECT_EQ(run(submit_arguments(1)).code, 0);
  const Ended asked = run(
      {"winners", "--server", address(), "--agency", "1", "--protocol", "2", "--timeout", "10s"});
  EXPECT_EQ(asked.code, 0) << asked.err;
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
  EXPECT_THAT(again.err,
              HasSubstr("action: lote | result: fail | estado: rechazado | desde_linea: 1 | "
                        "hasta_linea: 100 | motivo: AGENCY_FINISHED: the agency has finished"));
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

// What is opened next would get the number of the closed stream, and lines be written into it.
TEST_F(SorteoProgramTest, ClosedStandardErrorLeavesNoLineInTheExport) {
  generate(1, 100);
  start_server(1);
  EXPECT_EQ(run(submit_arguments(1)).code, 0);
  server_->stop();
  // A torn tail, which is warned of. The witness knows that the store was closed.
  std::filesystem::remove(store() + "/durable");
  std::fstream log(store() + "/bets-0000000001.log",
                   std::ios::in | std::ios::out | std::ios::binary);
  log.seekp(-3, std::ios::end);
  log << "cut" << std::flush;
  const std::string out = folder_ / "out.csv";
  Process closed({"/bin/sh", "-c", "exec \"$0\" export --storage \"$1\" --out \"$2\" 2>&-", kSorteo,
                  store(), out});
  EXPECT_EQ(end_of(closed).code, 0);
  const Ended exported = run({"export", "--storage", store()});
  EXPECT_THAT(exported.err, HasSubstr("bytes at offset"));
  EXPECT_EQ(folder_.content("out.csv"), exported.out);
}

TEST_F(SorteoProgramTest, ClosedStandardOutputIsAFailure) {
  Process closed({"/bin/sh", "-c", "exec \"$0\" --version >&-", kSorteo});
  EXPECT_EQ(end_of(closed).code, 1);
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
  EXPECT_EQ(run({"export", "--storage", store(), "--out", folder_ / "out.csv"}).code, 7);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out.csv"));
}

TEST_F(SorteoProgramTest, DamagedStoreIsRepairedOnlyWhenAsked) {
  generate(1, 1'000);
  start_server(1);
  EXPECT_EQ(run(submit_arguments(1)).code, 0);
  const Arguments repair{"repair", "--storage", store()};
  EXPECT_EQ(run(repair).code, 1) << "the server has it open";
  server_->stop();
  EXPECT_EQ(run(repair).code, 0) << "it is sound";
  for (const auto& entry : std::filesystem::directory_iterator(store())) {
    if (entry.is_regular_file() && entry.file_size() > 20'000) {
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(20'000);
      file.write("damage", 6);
    }
  }
  const Ended report = run(repair);
  EXPECT_EQ(report.code, 7);
  EXPECT_THAT(report.out, HasSubstr("\nwith --cut:\n  keeps: "));
  EXPECT_EQ(run({"verify", "--storage", store()}).code, 7) << "nothing was changed";

  Arguments cutting = repair;
  cutting.emplace_back("--cut");
  const Ended repaired = run(cutting);
  EXPECT_EQ(repaired.code, 0) << repaired.err;
  EXPECT_THAT(repaired.out, HasSubstr("what was taken away is in: " + store() + "/cut-"));
  const Ended verified = run({"verify", "--storage", store()});
  EXPECT_EQ(verified.code, 0) << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("\nkept from earlier cuts: 1\n"));
  const auto stored = exported_lines().at("1");
  const auto sent = sent_lines(1);
  EXPECT_LT(stored.size(), sent.size());
  EXPECT_TRUE(std::equal(stored.begin(), stored.end(), sent.begin()));
}

TEST_F(SorteoProgramTest, PathThatIsNoStoreIsAFailure) {
  EXPECT_EQ(run({"verify", "--storage", folder_ / "nowhere"}).code, 1);
  EXPECT_EQ(run({"export", "--storage", folder_ / "nowhere"}).code, 1);
}

}  // namespace
}  // namespace sorteo::test
