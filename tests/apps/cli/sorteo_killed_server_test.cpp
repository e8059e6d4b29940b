#include <algorithm>
#include <csignal>
#include <set>

#include "tests/apps/cli/sorteo_program_fixture.hpp"

namespace sorteo::test {
namespace {

using SorteoKilledServerTest = SorteoProgramTest;

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
    if (!line.starts_with("action: lote | result: fail | estado: desconocido")) {
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

TEST_F(SorteoKilledServerTest, EveryAcknowledgedLineOutlivesAKilledServer) {
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

}  // namespace
}  // namespace sorteo::test
