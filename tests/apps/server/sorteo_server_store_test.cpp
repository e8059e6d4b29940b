// What the program stores, and finds again when it is started once more.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/apps/server/connection.hpp"
#include "tests/apps/server/sorteo_server_fixture.hpp"
#include "tests/support/legacy_client.hpp"
#include "tests/support/server_process.hpp"

namespace sorteo::test {
namespace {

using testing::HasSubstr;
using std::string_view_literals::operator""sv;

// Ana Paz of docs/protocol.md.
const Bet kAna{"Ana", "Paz", "30904465", "1999-03-17", "7574"};

using SorteoServerStoreTest = SorteoServerTest;

TEST_F(SorteoServerStoreTest, TheBytesOfTheProtocolsExampleAreStored) {
  ServerProcess server(kServer, config());
  const Connection connection(server.port());
  connection.send(
      "\x01\x00\x00\x00\x33\x00\x00\x00\x01\x00\x00\x00\x2B"
      "\x01\x00\x03"
      "Ana"
      "\x02\x00\x03"
      "Paz"
      "\x03\x00\x08"
      "30904465"
      "\x04\x00\x0A"
      "1999-03-17"
      "\x05\x00\x04"
      "7574"sv);
  EXPECT_EQ(connection.receive(7), "\x00\x00\x00\x03OK\n"sv);
  EXPECT_EQ(server.stop(), exited(0));
  EXPECT_THAT(server.process().err(),
              HasSubstr("action: apuesta_recibida | result: success | cantidad: 1"));
}

TEST_F(SorteoServerStoreTest, EveryGenerationIsServedOnOnePort) {
  ServerProcess server(kServer, config());
  const LegacyClient client(server.port());
  EXPECT_EQ(client.send_bet(kAna), "OK\n");
  EXPECT_EQ(client.send_packet_batch(1, {kAna}), "OK\n");
  EXPECT_EQ(client.send_batch(1, {kAna}), "OK\n");
  EXPECT_EQ(client.ask_winners(1), std::nullopt);
}

// Asks until the winners have been computed, which happens beside the answers.
std::vector<std::uint32_t> winners_of(const LegacyClient& client, std::uint32_t agency) {
  for (int attempt = 0; attempt < 10'000; ++attempt) {
    if (const auto winners = client.ask_winners(agency)) {
      return *winners;
    }
    ::usleep(1'000);
  }
  ADD_FAILURE() << "no draw";
  return {};
}

TEST_F(SorteoServerStoreTest, BetsFinishedAgenciesAndTheDrawSurviveARestart) {
  {
    ServerProcess server(kServer, config());
    const LegacyClient client(server.port());
    EXPECT_EQ(client.send_batch(1, {kAna}), "OK\n");
    EXPECT_EQ(client.ask_winners(1), std::nullopt);
    EXPECT_EQ(server.stop(), exited(0));
  }
  {
    ServerProcess server(kServer, config());
    EXPECT_THAT(server.process().err(),
                HasSubstr("batches: 1 | bets: 1 | finished: 1 | draw: open"));
    const LegacyClient client(server.port());
    EXPECT_EQ(client.send_batch(1, {kAna}), "ERROR the agency has finished\n");
    EXPECT_EQ(winners_of(client, 2), std::vector<std::uint32_t>{});
    EXPECT_EQ(winners_of(client, 1), std::vector<std::uint32_t>{30904465});
    EXPECT_EQ(server.stop(), exited(0));
  }
  ServerProcess server(kServer, config());
  EXPECT_THAT(server.process().err(), HasSubstr("finished: 2 | draw: held"));
  EXPECT_EQ(winners_of(LegacyClient(server.port()), 1), std::vector<std::uint32_t>{30904465});
}

TEST_F(SorteoServerStoreTest, WhatWasAcknowledgedSurvivesAKill) {
  {
    ServerProcess server(kServer, config());
    EXPECT_EQ(LegacyClient(server.port()).send_batch(1, {kAna, kAna}), "OK\n");
    server.process().send_signal(SIGKILL);
    EXPECT_EQ(server.process().wait(), (ProcessEnd{.code = {}, .signal = SIGKILL}));
  }
  ServerProcess server(kServer, config());
  EXPECT_THAT(server.process().err(), HasSubstr("batches: 1 | bets: 2"));
}

TEST_F(SorteoServerStoreTest, AnotherWinningNumberThanTheRecordedOneIsWarnedOf) {
  const auto with_number = [this](int number) {
    return config("", R"({"agencies": 1, "winning_number": )" + std::to_string(number) + "}");
  };
  {
    ServerProcess server(kServer, with_number(7574));
    LegacyClient(server.port()).send_batch(1, {kAna});
    winners_of(LegacyClient(server.port()), 1);
    EXPECT_EQ(server.stop(), exited(0));
  }
  ServerProcess server(kServer, with_number(11));
  EXPECT_THAT(server.process().err(),
              HasSubstr("action: winning_number | result: fail | configured: 11 | recorded: 7574"));
  EXPECT_EQ(winners_of(LegacyClient(server.port()), 1), std::vector<std::uint32_t>{30904465});
}

// The only file of any size in a store is its log.
std::filesystem::path log_of(const std::string& store) {
  std::filesystem::path largest;
  std::uintmax_t size = 0;
  for (const auto& entry : std::filesystem::directory_iterator(store)) {
    if (entry.is_regular_file() && entry.file_size() > size) {
      largest = entry.path();
      size = entry.file_size();
    }
  }
  return largest;
}

void flip_byte_in_the_middle(const std::filesystem::path& path) {
  const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(path) / 2);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(middle);
  const char byte = static_cast<char>(file.get() ^ 0x40);
  file.seekp(middle);
  file.put(byte);
}

TEST_F(SorteoServerStoreTest, ADamagedStoreEndsItWithFive) {
  {
    ServerProcess server(kServer, config());
    const LegacyClient client(server.port());
    for (int batch = 0; batch < 20; ++batch) {
      EXPECT_EQ(client.send_batch(1, {kAna}), "OK\n");
    }
    EXPECT_EQ(server.stop(), exited(0));
  }
  flip_byte_in_the_middle(log_of(store()));
  Process process({kServer, "--config", config()});
  EXPECT_EQ(process.wait(), exited(5));
  EXPECT_THAT(process.err(), HasSubstr("action: open_store | result: fail | error: "));
  EXPECT_THAT(process.err(), HasSubstr(log_of(store()).string()));
  EXPECT_THAT(process.err(), HasSubstr("offset"));
}

TEST_F(SorteoServerStoreTest, MemoryIsWarnedOf) {
  const std::string path =
      directory_.write("memory.json", R"({"listen": {"port": 0}, "storage": {"type": "memory"}})");
  ServerProcess server(kServer, path);
  EXPECT_THAT(server.process().err(), HasSubstr("nothing survives"));
  EXPECT_EQ(LegacyClient(server.port()).send_batch(1, {kAna}), "OK\n");
  EXPECT_EQ(server.stop(), exited(0));
}

}  // namespace
}  // namespace sorteo::test
