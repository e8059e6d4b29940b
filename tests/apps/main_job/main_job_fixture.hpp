#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/bet.hpp"
#include "tests/support/process.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::test {

using Winners = std::vector<std::uint32_t>;
using Lines = std::vector<std::string>;

inline constexpr std::uint32_t kAgencies = 5;
inline constexpr ProcessEnd kSuccess{0, std::nullopt};
inline constexpr std::chrono::milliseconds kLongJob{240'000};

/// The documents of those bets that win.
Winners winners_among(const std::vector<Bet>& bets);

/// The documents that `text` holds, one a line.
Winners to_documents(const std::string& text);

/// Where the bets of a test come from.
enum class BetSource { kGenerated, kReal };

/// Five agencies with the bets that they send, and the programs that send and store them. Tests of
/// real bets are skipped unless SORTEO_REAL_DATA names their folder.
class MainJobTest : public ::testing::TestWithParam<BetSource> {
 protected:
  void SetUp() override;

  std::filesystem::path csv_of(std::uint32_t agency) const;

  /// A server whose store outlives it.
  std::unique_ptr<ServerProcess> start_server() const;

  /// `sorteo submit` of the file at `csv`, with `more` options.
  static std::unique_ptr<Process> submit(const ServerProcess& server, std::uint32_t agency,
                                         const std::filesystem::path& csv, const Lines& more = {});

  /// What the store holds, by agency, as lines of the file that the agency sent.
  std::map<std::uint32_t, Lines> exported() const;

  /// The lines of the agency's file.
  Lines lines_of(std::uint32_t agency) const;

  /// Bets of the agency, in the order of its file.
  const std::vector<Bet>& bets_of(std::uint32_t agency) const { return sent_.at(agency); }

  TemporaryDirectory folder_;

 private:
  std::filesystem::path generate() const;
  void expect_the_known_data() const;

  std::filesystem::path bets_;
  std::map<std::uint32_t, std::vector<Bet>> sent_;
};

/// The name of a test's parameter.
std::string name_of(const ::testing::TestParamInfo<BetSource>& source);

}  // namespace sorteo::test
