#include <csignal>

#include "tests/apps/cli/sorteo_program_fixture.hpp"

namespace sorteo::test {
namespace {

using testing::HasSubstr;

class SorteoOutboxTest : public SorteoProgramTest {
 protected:
  std::string outbox() const { return folder_ / "outbox"; }

  // In small batches, so that there is time to kill somebody, with a line for each.
  Arguments submit_with_outbox() const {
    Arguments arguments = submit_arguments(1);
    arguments.insert(arguments.end(),
                     {"--outbox", outbox(), "--batch-bets", "5", "--progress-every", "1ms"});
    return arguments;
  }

  void expect_each_bet_stored_once() const {
    const auto exported = exported_lines();
    ASSERT_EQ(exported.size(), 1U);
    EXPECT_EQ(exported.at("1"), sent_lines(1));
  }
};

// The number behind `key: ` in the last line of progress of the sending.
std::uint64_t sent_so_far(const std::string& log) {
  std::uint64_t bets = 0;
  for (const std::string& line : lines_of(log)) {
    if (line.starts_with("action: envio | result: in_progress")) {
      bets = number_in(line, "apuestas");
    }
  }
  return bets;
}

TEST_F(SorteoOutboxTest, KilledAgainAndAgainItStoresEachBetOnce) {
  generate(1, 20'000);
  start_server(1);
  std::uint64_t taken = 0;
  for (int run = 0; run < 5; ++run) {
    const auto killed = start(submit_with_outbox());
    ASSERT_TRUE(killed->wait_for_err("action: outbox | result: success")) << killed->err();
    EXPECT_GE(count_in(killed->err(), "outbox", "ya_tomadas"), taken);
    ASSERT_TRUE(killed->wait_for_err("action: envio | result: in_progress")) << killed->err();
    killed->send_signal(SIGKILL);
    ASSERT_TRUE(killed->wait());
    taken = std::max(taken, sent_so_far(killed->err()));
  }
  const Ended ended = run(submit_with_outbox());
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_GE(count_in(ended.err, "outbox", "ya_tomadas"), taken);
  EXPECT_GT(taken, 0U);
  EXPECT_EQ(count_in(ended.err, "envio", "almacenadas"), 20'000U);
  EXPECT_EQ(lines_of(ended.out), expected_winners(1));
  expect_each_bet_stored_once();
}

TEST_F(SorteoOutboxTest, ServerThatIsKilledIsGoneOnWith) {
  generate(1, 20'000);
  start_server(1);
  const auto killed = start(submit_with_outbox());
  ASSERT_TRUE(killed->wait_for_err("action: envio | result: in_progress")) << killed->err();
  server_->process().send_signal(SIGKILL);
  ASSERT_TRUE(server_->process().wait());
  killed->send_signal(SIGKILL);  // it would go on trying for a while
  ASSERT_TRUE(killed->wait());
  start_server(1);
  const Ended ended = run(submit_with_outbox());
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(lines_of(ended.out), expected_winners(1));
  expect_each_bet_stored_once();
}

TEST_F(SorteoOutboxTest, DoneItMayBeRunAgainAndStoresNothingMore) {
  generate(1, 100);
  start_server(1);
  EXPECT_EQ(run(submit_with_outbox()).code, 0);
  const Ended again = run(submit_with_outbox());
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("action: outbox | result: success | ya_tomadas: 100 | "
                                   "ya_almacenadas: 100"));
  EXPECT_EQ(lines_of(again.out), expected_winners(1));
  expect_each_bet_stored_once();
}

TEST_F(SorteoOutboxTest, AnotherFileIsRefused) {
  generate(1, 100);
  start_server(1);
  EXPECT_EQ(run(submit_with_outbox()).code, 0);
  const std::string csv = folder_.write("other.csv", "Ana,Paz,30904465,1999-03-17,7574\n");
  const Ended other =
      run({"submit", "--server", address(), "--agency", "1", "--csv", csv, "--outbox", outbox()});
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(other.err, HasSubstr("holds bets of another source"));
}

}  // namespace
}  // namespace sorteo::test
