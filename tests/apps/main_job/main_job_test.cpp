// The main job with the programs themselves: what every generation of clients sends on one port is
// stored as it was sent, and each agency is told its own winners.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <thread>

#include "tests/apps/main_job/main_job_fixture.hpp"
#include "tests/support/legacy_client.hpp"

namespace sorteo::test {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kBatchBets = 100;

// Waits for the draw as a client of generation 8 does: it asks again.
Winners winners_of(const LegacyClient& client, std::uint32_t agency) {
  for (int asked = 0; asked < 600; ++asked) {
    if (auto winners = client.ask_winners(agency)) {
      return *winners;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  ADD_FAILURE() << "the draw was not held";
  return {};
}

INSTANTIATE_TEST_SUITE_P(AllBets, MainJobTest,
                         ::testing::Values(BetSource::kGenerated, BetSource::kReal), name_of);

TEST_P(MainJobTest, FiveAgenciesSubmitAtOnce) {
  const auto server = start_server();
  std::map<std::uint32_t, std::unique_ptr<Process>> clients;
  for (std::uint32_t agency = 1; agency <= kAgencies; ++agency) {
    clients[agency] = submit(*server, agency, csv_of(agency));
  }
  for (const auto& [agency, client] : clients) {
    ASSERT_EQ(client->wait(kLongJob), kSuccess) << client->err();
    const Winners winners = winners_among(bets_of(agency));
    EXPECT_EQ(to_documents(client->out()), winners);
    EXPECT_THAT(client->err(),
                HasSubstr("action: consulta_ganadores | result: success | cant_ganadores: " +
                          std::to_string(winners.size())));
  }
  EXPECT_EQ(server->stop(), kSuccess);
  const auto stored = exported();
  EXPECT_EQ(stored.size(), kAgencies);
  for (const auto& [agency, lines] : stored) {
    EXPECT_EQ(lines, lines_of(agency)) << "agency " << agency;
  }
}

// The same bets three times, side by side: generation 8 as the agencies 1 to 5, generation 6 as 11
// to 15, and generation 5, which names no agency.
TEST_P(MainJobTest, EveryGenerationIsServedOnOnePort) {
  const auto server = start_server();
  const LegacyClient client(server->port());
  const auto in_batches = [this](std::uint32_t agency, const auto& send) {
    std::span<const Bet> rest = bets_of(agency);
    while (!rest.empty()) {
      const std::size_t take = std::min(rest.size(), kBatchBets);
      ASSERT_EQ(send(std::vector<Bet>(rest.begin(), rest.begin() + static_cast<long>(take))),
                "OK\n");
      rest = rest.subspan(take);
    }
  };
  {
    std::vector<std::jthread> agencies;
    for (std::uint32_t agency = 1; agency <= kAgencies; ++agency) {
      agencies.emplace_back([&, agency] {
        in_batches(agency, [&](const auto& bets) { return client.send_batch(agency, bets); });
      });
      agencies.emplace_back([&, agency] {
        in_batches(agency,
                   [&](const auto& bets) { return client.send_packet_batch(agency + 10, bets); });
      });
      agencies.emplace_back([&, agency] {
        for (const Bet& bet : bets_of(agency)) {
          ASSERT_EQ(client.send_bet(bet), "OK\n");
        }
      });
    }
  }
  for (std::uint32_t agency = 1; agency < kAgencies; ++agency) {
    EXPECT_EQ(client.ask_winners(agency), std::nullopt) << "agency " << kAgencies << " is missing";
  }
  for (std::uint32_t agency = kAgencies; agency >= 1; --agency) {
    EXPECT_EQ(winners_of(client, agency), winners_among(bets_of(agency)));
  }
  EXPECT_EQ(server->stop(), kSuccess);

  auto stored = exported();
  Lines sent_alone;
  for (std::uint32_t agency = 1; agency <= kAgencies; ++agency) {
    const Lines lines = lines_of(agency);
    EXPECT_EQ(stored[agency], lines);
    EXPECT_EQ(stored[agency + 10], lines);
    sent_alone.insert(sent_alone.end(), lines.begin(), lines.end());
  }
  std::sort(sent_alone.begin(), sent_alone.end());
  std::sort(stored[0].begin(), stored[0].end());
  EXPECT_EQ(stored[0], sent_alone);
}

}  // namespace
}  // namespace sorteo::test
