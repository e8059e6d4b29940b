#include "tests/apps/main_job/main_job_fixture.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace sorteo::test {
namespace {

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

Lines read_lines(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  Lines lines;
  for (std::string line; std::getline(file, line);) {
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

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

void MainJobTest::SetUp() {
  const char* real = std::getenv("SORTEO_REAL_DATA");
  if (GetParam() == BetSource::kReal && real == nullptr) {
    GTEST_SKIP() << "SORTEO_REAL_DATA names no folder of real bets";
  }
  bets_ = GetParam() == BetSource::kReal ? std::filesystem::path(real) : generate();
  for (std::uint32_t agency = 1; agency <= kAgencies; ++agency) {
    for (const std::string& line : read_lines(csv_of(agency))) {
      sent_[agency].push_back(parse(line));
    }
  }
  if (GetParam() == BetSource::kReal) {
    expect_the_known_data();
  }
}

// So that a folder with other files in it is not taken for the real bets.
void MainJobTest::expect_the_known_data() const {
  std::vector<std::size_t> winners;
  std::size_t bets = 0;
  for (const auto& [agency, of_agency] : sent_) {
    bets += of_agency.size();
    winners.push_back(winners_among(of_agency).size());
  }
  EXPECT_EQ(bets, 78'697U);
  EXPECT_THAT(winners, ::testing::ElementsAre(2, 3, 3, 2, 0));
}

std::filesystem::path MainJobTest::generate() const {
  Process generator({SORTEO_PROGRAM, "generate", "--agencies", "5", "--bets", "1234", "--seed",
                     "20", "--out", folder_ / "bets"});
  EXPECT_EQ(generator.wait(), kSuccess) << generator.err();
  return folder_ / "bets";
}

std::filesystem::path MainJobTest::csv_of(std::uint32_t agency) const {
  return bets_ / ("agency-" + std::to_string(agency) + ".csv");
}

std::unique_ptr<ServerProcess> MainJobTest::start_server() const {
  const std::string config =
      folder_.write("server.json", R"({"listen": {"host": "127.0.0.1", "port": 0}, "threads": 2,)"
                                   R"( "draw": {"agencies": 5, "winning_number": 7574},)"
                                   R"( "storage": {"type": "file", "path": ")" +
                                       (folder_ / "store") +
                                       R"(", "durability": "fsync"}, "log": {"level": "info"}})");
  return std::make_unique<ServerProcess>(SORTEO_SERVER_PROGRAM, config);
}

std::unique_ptr<Process> MainJobTest::submit(const ServerProcess& server, std::uint32_t agency,
                                             const std::filesystem::path& csv, const Lines& more) {
  Lines arguments{SORTEO_PROGRAM, "submit",
                  "--server",     "127.0.0.1:" + std::to_string(server.port()),
                  "--agency",     std::to_string(agency),
                  "--csv",        csv.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return std::make_unique<Process>(arguments);
}

std::map<std::uint32_t, Lines> MainJobTest::exported() const {
  const std::string out = folder_ / "export.csv";
  Process exporter({SORTEO_PROGRAM, "export", "--storage", folder_ / "store", "--out", out});
  EXPECT_EQ(exporter.wait(kLongJob), kSuccess) << exporter.err();
  std::map<std::uint32_t, Lines> lines;
  for (const std::string& line : read_lines(out)) {
    const std::size_t comma = line.find(',');
    lines[static_cast<std::uint32_t>(std::stoul(line))].push_back(line.substr(comma + 1));
  }
  return lines;
}

Lines MainJobTest::lines_of(std::uint32_t agency) const {
  Lines lines;
  for (const Bet& bet : sent_.at(agency)) {
    lines.push_back(to_line(bet));
  }
  return lines;
}

std::string name_of(const ::testing::TestParamInfo<BetSource>& source) {
  return source.param == BetSource::kReal ? "Real" : "Generated";
}

}  // namespace sorteo::test
