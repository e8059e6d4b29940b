// The main job in version 1 with a server that is killed in the middle of it, and started again:
// the client has to say what is unknown. For version 2 see tests/failures.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "tests/apps/main_job/main_job_fixture.hpp"

namespace sorteo::test {
namespace {

using ::testing::HasSubstr;

// The number behind `key: ` in the first line of `log` with `action`.
std::size_t number_in(const std::string& log, const std::string& action, const std::string& key) {
  const std::size_t line = log.find("action: " + action + " ");
  const std::size_t at = log.find("| " + key + ": ", line);
  if (line == std::string::npos || at == std::string::npos) {
    ADD_FAILURE() << action << " with " << key << " is missing in\n" << log;
    return 0;
  }
  return std::stoul(log.substr(at + key.size() + 4));
}

// What a submission said of its file.
struct Account {
  std::size_t stored = 0;
  std::size_t unknown = 0;
  std::size_t not_sent = 0;
};

// The lines of unknown batches lie behind the stored ones, without a gap: batches are answered in
// the order in which they were sent.
Account account_of(const std::string& log) {
  const Account account{number_in(log, "envio", "almacenadas"),
                        number_in(log, "envio", "desconocidas"),
                        number_in(log, "envio", "no_enviadas")};
  std::size_t next = account.stored + 1;
  for (std::size_t at = log.find("action: lote "); at != std::string::npos;
       at = log.find("action: lote ", at + 1)) {
    const std::string line = log.substr(at, log.find('\n', at) - at);
    EXPECT_THAT(line, HasSubstr("estado: desconocido"));
    EXPECT_EQ(number_in(line, "lote", "desde_linea"), next);
    next = number_in(line, "lote", "hasta_linea") + 1;
  }
  EXPECT_EQ(next, account.stored + account.unknown + 1);
  return account;
}

class KilledServerTest : public MainJobTest {
 protected:
  // So few that there is time to kill the server.
  static std::size_t batch_bets() { return GetParam() == BetSource::kReal ? 20 : 1; }

  // The lines of the agency's file that are not stored, as a file.
  std::filesystem::path rest_of(std::uint32_t agency, std::size_t stored) const {
    const Lines lines = lines_of(agency);
    std::string text;
    for (std::size_t at = stored; at < lines.size(); ++at) {
      text += lines[at] + "\n";
    }
    return folder_.write("rest-" + std::to_string(agency) + ".csv", text);
  }

  // What is left to do for an agency whose bets are all stored.
  static std::unique_ptr<Process> winners(const ServerProcess& server, std::uint32_t agency) {
    return std::make_unique<Process>(
        Lines{SORTEO_PROGRAM, "winners", "--server", "127.0.0.1:" + std::to_string(server.port()),
              "--agency", std::to_string(agency), "--protocol", "1", "--wait", "1h"});
  }

  // Five submissions at once, and the server is killed when the first batches have been answered.
  std::map<std::uint32_t, Account> submit_to_a_server_that_is_killed() const {
    const auto server = start_server();
    std::map<std::uint32_t, std::unique_ptr<Process>> clients;
    for (std::uint32_t agency = 1; agency <= kAgencies; ++agency) {
      clients[agency] = submit(*server, agency, csv_of(agency),
                               {"--protocol", "1", "--no-wait", "--window", "4", "--batch-bets",
                                std::to_string(batch_bets())});
    }
    EXPECT_TRUE(server->process().wait_for_err("action: apuesta_recibida | result: success"));
    server->process().send_signal(SIGKILL);
    EXPECT_EQ(server->process().wait(), (ProcessEnd{std::nullopt, SIGKILL}));
    std::map<std::uint32_t, Account> accounts;
    for (const auto& [agency, client] : clients) {
      const auto end = client->wait();
      accounts[agency] = account_of(client->err());
      expect_the_code_of(accounts[agency], end.value_or(ProcessEnd{}));
    }
    return accounts;
  }

  static void expect_the_code_of(const Account& account, const ProcessEnd& end) {
    if (account.unknown > 0) {
      EXPECT_EQ(end, (ProcessEnd{5, std::nullopt}));
    } else if (account.not_sent > 0) {
      EXPECT_EQ(end, (ProcessEnd{4, std::nullopt}));
    }  // else all was stored before the server was killed, and the finish was answered or was not
  }

  // Checks what is stored against what the agency was told.
  void expect_what_was_answered(std::uint32_t agency, const Account& account,
                                const Lines& stored) const {
    const Lines sent = lines_of(agency);
    EXPECT_EQ(account.stored + account.unknown + account.not_sent, sent.size());
    EXPECT_GE(stored.size(), account.stored) << "agency " << agency;
    ASSERT_LE(stored.size(), account.stored + account.unknown) << "agency " << agency;
    EXPECT_TRUE(stored.size() % batch_bets() == 0 || stored.size() == sent.size())
        << "half a batch: " << stored.size();
    EXPECT_TRUE(std::equal(stored.begin(), stored.end(), sent.begin())) << "agency " << agency;
  }
};

INSTANTIATE_TEST_SUITE_P(AllBets, KilledServerTest,
                         ::testing::Values(BetSource::kGenerated, BetSource::kReal), name_of);

TEST_P(KilledServerTest, WhatWasAnsweredOkIsThereAndTheRestCompletesTheJob) {
  const auto accounts = submit_to_a_server_that_is_killed();
  const auto server = start_server();
  auto stored = exported();
  std::size_t not_sent = 0;
  std::map<std::uint32_t, std::unique_ptr<Process>> clients;
  for (const auto& [agency, account] : accounts) {
    const std::size_t found = stored[agency].size();
    ASSERT_NO_FATAL_FAILURE(expect_what_was_answered(agency, account, stored[agency]));
    clients[agency] = found == bets_of(agency).size()
                          ? winners(*server, agency)
                          : submit(*server, agency, rest_of(agency, found), {"--protocol", "1"});
    not_sent += account.not_sent;
  }
  EXPECT_GT(not_sent, 0U) << "it was killed too late";
  for (const auto& [agency, client] : clients) {
    ASSERT_EQ(client->wait(kLongJob), kSuccess) << client->err();
    EXPECT_EQ(to_documents(client->out()), winners_among(bets_of(agency)));
  }
  EXPECT_EQ(server->stop(), kSuccess);
  stored = exported();
  EXPECT_EQ(stored.size(), kAgencies);
  for (const auto& [agency, lines] : stored) {
    EXPECT_EQ(lines, lines_of(agency)) << "agency " << agency;
  }
}

}  // namespace
}  // namespace sorteo::test
