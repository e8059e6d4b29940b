// The real server, killed again and again while several programs that use the SDK send bets to it:
// what was acknowledged is stored, nothing is stored twice, and in the end all is there.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>

#include "apps/cli/split_mix.hpp"
#include "tests/failures/attack_size.hpp"
#include "tests/failures/load.hpp"
#include "tests/failures/mortal_server.hpp"

namespace sorteo::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::uint32_t kSenders = 4;
constexpr std::uint32_t kAgencies = 3;  // so one agency has two programs, with a session each
constexpr milliseconds kPatience{120'000};

// One store, from the first bet to the draw.
class Day final {
 public:
  Day(std::uint64_t seed, std::uint64_t kills, const std::string& durability)
      : random_(seed),
        kills_(kills),
        server_(kAgencies, durability),
        load_(
            kSenders, [this](std::uint32_t sender) { return options_of(sender); }, kPatience) {}

  void run() {
    const auto began = std::chrono::steady_clock::now();
    server_.start_and_wait();
    start_time_ =
        std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - began);
    load_.start();
    const std::uint64_t at_the_end = std::min<std::uint64_t>(5, kills_ / 2);
    while (killed_ < kills_ && !::testing::Test::HasFailure()) {
      if (kills_ - killed_ <= at_the_end) {
        conclude();
        kill_soon();
      } else if (random_.below(6) == 0) {
        kill_while_idle();
      } else if (random_.below(6) == 0) {
        stop_and_start_again();
      } else {
        kill_soon();
      }
    }
    conclude();
    load_.wait_for_the_end();
    server_.stop();
    load_.expect_all_in(bets_stored_in(server_.store()));
  }

  LoadCounts counts() const { return load_.counts(); }

  // How many files of the log there are.
  std::size_t segments() const {
    std::size_t found = 0;
    for (const auto& entry : std::filesystem::directory_iterator(server_.store())) {
      const std::string name = entry.path().filename().string();
      found += name.starts_with("bets-") && name.ends_with(".log") ? 1 : 0;
    }
    return found;
  }

 private:
  client::Options options_of(std::uint32_t sender) const {
    client::Options how;
    how.host = "127.0.0.1";
    how.port = server_.port();
    how.agency = 1 + (sender - 1) % kAgencies;
    how.protocol = client::Protocol::kVersion2;
    how.max_batch_bets = 1 + 4 * sender;
    how.first_retry = milliseconds(1);
    how.longest_retry = milliseconds(20);
    return how;
  }

  void sleep_at_most(microseconds time) {
    std::this_thread::sleep_for(
        microseconds(random_.below(static_cast<std::uint64_t>(time.count()))));
  }

  // A slow machine has not stored much between the kills.
  void conclude() {
    EXPECT_TRUE(load_.wait_until_submitted(kBetsOfMoreThanASegment));
    load_.conclude();
  }

  void kill_soon() {
    sleep_at_most(milliseconds(50));
    kill_and_start_again();
  }

  // Every connection is open and nothing is under way.
  void kill_while_idle() {
    EXPECT_TRUE(load_.pause());
    sleep_at_most(milliseconds(5));
    kill_and_start_again();
    load_.resume();
  }

  // The goodbye of a server that is told to stop, which the clients follow.
  void stop_and_start_again() {
    sleep_at_most(milliseconds(20));
    server_.stop();
    server_.start_and_wait();
  }

  void kill_and_start_again() {
    kill();
    while (killed_ < kills_ && random_.below(4) == 0) {
      server_.start();
      sleep_at_most(start_time_ * 3 / 2);
      kill();
    }
    server_.start_and_wait();
  }

  void kill() {
    server_.kill();
    ++killed_;
    // Those who are told of what it had answered a moment later are not counted: that shows less,
    // and never too much.
    const auto acknowledged = load_.acknowledged();
    if (killed_ % kKillsForALook == 0) {
      load_.expect_in(bets_stored_in(server_.store()), acknowledged);
    }
  }

  static constexpr std::uint64_t kKillsForALook = 3;
  static constexpr std::uint64_t kBetsOfMoreThanASegment = 5'000;  // of 400 bytes, and 1 MiB

  cli::SplitMix random_;
  const std::uint64_t kills_;
  std::uint64_t killed_ = 0;
  microseconds start_time_{};
  MortalServer server_;
  Load load_;
};

TEST(KilledServerTest, WhatIsAcknowledgedIsStoredAndNothingTwice) {
  constexpr std::uint64_t kKillsADay = 25;
  constexpr std::array kDurabilities = {"fsync", "interval", "fsync", "os"};
  const std::uint64_t kills = attack_size("SORTEO_SERVER_KILLS", 50, 2'000);
  std::uint64_t seed = attack_seed();
  LoadCounts all;
  std::size_t most_segments = 0;
  for (std::uint64_t killed = 0; killed < kills && !HasFailure(); killed += kKillsADay) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Day day(seed++, std::min(kKillsADay, kills - killed),
            kDurabilities.at(killed / kKillsADay % kDurabilities.size()));
    day.run();
    most_segments = std::max(most_segments, day.segments());
    const LoadCounts counts = day.counts();
    all.bets += counts.bets;
    all.duplicates += counts.duplicates;
    all.failed_calls += counts.failed_calls;
  }
  say_done("kills of the server", kills);
  std::cout << "bets: " << all.bets << ", that came again: " << all.duplicates
            << ", calls made again: " << all.failed_calls
            << ", segments of a log: " << most_segments << std::endl;
  EXPECT_GT(most_segments, 1U) << "no log was longer than a segment";
}

}  // namespace
}  // namespace sorteo::test
