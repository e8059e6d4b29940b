// The main job with the programs themselves: what every generation of clients sends on one port is
// stored as it was sent, and each agency is told its own winners.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/legacy_client.hpp"
#include "tests/support/process.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::test {
namespace {

using ::testing::HasSubstr;
using Winners = std::vector<std::uint32_t>;

constexpr std::uint32_t kAgencies = 5;
constexpr std::size_t kBatchBets = 100;
constexpr ProcessEnd kSuccess{0, std::nullopt};
constexpr std::chrono::milliseconds kLongJob{240'000};

Bet parse(const std::string& line) {
  std::vector<std::string> fields;
  std::size_t from = 0;
  for (std::size_t comma = line.find(','); comma != std::string::npos;
       comma = line.find(',', from)) {
    fields.push_back(line.substr(from, comma - from));
    from = comma + 1;
  }
  fields.push_back(line.substr(from));
  return {fields.at(0), fields.at(1), fields.at(2), fields.at(3), fields.at(4)};
}

std::string to_line(const Bet& bet) {
  return bet.first_name + ',' + bet.last_name + ',' + bet.document + ',' + bet.birthdate + ',' +
         bet.number;
}

std::vector<std::string> read_lines(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

Winners winners_among(const std::vector<Bet>& bets) {
  Winners winners;
  for (const Bet& bet : bets) {
    if (std::stoul(bet.number) == 7574) {
      winners.push_back(static_cast<std::uint32_t>(std::stoul(bet.document)));
    }
  }
  return winners;
}

Winners to_documents(const std::string& text) {
  Winners documents;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    documents.push_back(static_cast<std::uint32_t>(std::stoul(line)));
  }
  return documents;
}

// Where the bets of a test come from.
enum class Source { kGenerated, kReal };

class MainJobTest : public ::testing::TestWithParam<Source> {
 protected:
  void SetUp() override {
    const char* real = std::getenv("SORTEO_REAL_DATA");
    if (GetParam() == Source::kReal && real == nullptr) {
      GTEST_SKIP() << "SORTEO_REAL_DATA names no folder of real bets";
    }
    bets_ = GetParam() == Source::kReal ? std::filesystem::path(real) : generate();
    for (std::uint32_t agency = 1; agency <= kAgencies; ++agency) {
      for (const std::string& line : read_lines(csv_of(agency))) {
        sent_[agency].push_back(parse(line));
      }
    }
    if (GetParam() == Source::kReal) {
      expect_the_known_data();
    }
  }

  // So that a folder with other files in it is not taken for the real bets.
  void expect_the_known_data() const {
    std::vector<std::size_t> winners;
    std::size_t bets = 0;
    for (const auto& [agency, of_agency] : sent_) {
      bets += of_agency.size();
      winners.push_back(winners_among(of_agency).size());
    }
    EXPECT_EQ(bets, 78'697U);
    EXPECT_THAT(winners, ::testing::ElementsAre(2, 3, 3, 2, 0));
  }

  std::filesystem::path generate() const {
    Process generator({SORTEO_PROGRAM, "generate", "--agencies", "5", "--bets", "1234", "--seed",
                       "20", "--out", folder_ / "bets"});
    EXPECT_EQ(generator.wait(), kSuccess) << generator.err();
    return folder_ / "bets";
  }

  std::filesystem::path csv_of(std::uint32_t agency) const {
    return bets_ / ("agency-" + std::to_string(agency) + ".csv");
  }

  std::unique_ptr<ServerProcess> start_server() const {
    const std::string config = folder_.write(
        "server.json", R"({"listen": {"host": "127.0.0.1", "port": 0}, "threads": 2,)"
                       R"( "draw": {"agencies": 5, "winning_number": 7574},)"
                       R"( "storage": {"type": "file", "path": ")" +
                           store() + R"(", "durability": "fsync"}, "log": {"level": "info"}})");
    return std::make_unique<ServerProcess>(SORTEO_SERVER_PROGRAM, config);
  }

  std::string store() const { return folder_ / "store"; }

  std::unique_ptr<Process> submit(const ServerProcess& server, std::uint32_t agency) const {
    return std::make_unique<Process>(std::vector<std::string>{
        SORTEO_PROGRAM, "submit", "--server", "127.0.0.1:" + std::to_string(server.port()),
        "--agency", std::to_string(agency), "--csv", csv_of(agency).string()});
  }

  // What the store holds, by agency, as lines of the file that the agency sent.
  std::map<std::uint32_t, std::vector<std::string>> exported() const {
    const std::string out = folder_ / "export.csv";
    Process exporter({SORTEO_PROGRAM, "export", "--storage", store(), "--out", out});
    EXPECT_EQ(exporter.wait(kLongJob), kSuccess) << exporter.err();
    std::map<std::uint32_t, std::vector<std::string>> lines;
    for (const std::string& line : read_lines(out)) {
      const std::size_t comma = line.find(',');
      lines[static_cast<std::uint32_t>(std::stoul(line))].push_back(line.substr(comma + 1));
    }
    return lines;
  }

  std::vector<std::string> lines_of(std::uint32_t agency) const {
    std::vector<std::string> lines;
    for (const Bet& bet : sent_.at(agency)) {
      lines.push_back(to_line(bet));
    }
    return lines;
  }

  // Waits for the draw as a client of generation 8 does: it asks again.
  static Winners winners_of(const LegacyClient& client, std::uint32_t agency) {
    for (int asked = 0; asked < 600; ++asked) {
      if (auto winners = client.ask_winners(agency)) {
        return *winners;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    ADD_FAILURE() << "the draw was not held";
    return {};
  }

  TemporaryDirectory folder_;
  std::filesystem::path bets_;
  std::map<std::uint32_t, std::vector<Bet>> sent_;
};

INSTANTIATE_TEST_SUITE_P(AllBets, MainJobTest, ::testing::Values(Source::kGenerated, Source::kReal),
                         [](const auto& source) {
                           return source.param == Source::kReal ? "Real" : "Generated";
                         });

TEST_P(MainJobTest, FiveAgenciesSubmitAtOnce) {
  const auto server = start_server();
  std::map<std::uint32_t, std::unique_ptr<Process>> clients;
  for (std::uint32_t agency = 1; agency <= kAgencies; ++agency) {
    clients[agency] = submit(*server, agency);
  }
  for (const auto& [agency, client] : clients) {
    ASSERT_EQ(client->wait(kLongJob), kSuccess) << client->err();
    const Winners winners = winners_among(sent_.at(agency));
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
    std::span<const Bet> rest = sent_.at(agency);
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
        for (const Bet& bet : sent_.at(agency)) {
          ASSERT_EQ(client.send_bet(bet), "OK\n");
        }
      });
    }
  }
  for (std::uint32_t agency = 1; agency < kAgencies; ++agency) {
    EXPECT_EQ(client.ask_winners(agency), std::nullopt) << "agency " << kAgencies << " is missing";
  }
  for (std::uint32_t agency = kAgencies; agency >= 1; --agency) {
    EXPECT_EQ(winners_of(client, agency), winners_among(sent_.at(agency)));
  }
  EXPECT_EQ(server->stop(), kSuccess);

  auto stored = exported();
  std::vector<std::string> sent_alone;
  for (std::uint32_t agency = 1; agency <= kAgencies; ++agency) {
    const std::vector<std::string> lines = lines_of(agency);
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
