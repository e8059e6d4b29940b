#include "tests/failures/mortal_server.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include "tests/failures/numbered_bets.hpp"

namespace sorteo::test {
namespace {

std::string config_text(std::uint16_t port, std::uint32_t agencies, const std::string& store,
                        const std::string& durability) {
  return R"({"listen": {"host": "127.0.0.1", "port": )" + std::to_string(port) +
         R"(}, "threads": 2, "draw": {"agencies": )" + std::to_string(agencies) +
         R"(, "winning_number": )" + std::to_string(kWinningNumber) +
         R"(}, "storage": {"type": "file", "path": ")" + store + R"(", "durability": ")" +
         durability + R"("}, "log": {"level": "info"}})";
}

}  // namespace

MortalServer::MortalServer(std::uint32_t agencies, const std::string& durability)
    : config_(folder_.write("server.json",
                            config_text(port_.number(), agencies, store(), durability))) {}

void MortalServer::start() {
  process_ = std::make_unique<Process>(
      std::vector<std::string>{SORTEO_SERVER_PROGRAM, "--config", config_});
}

void MortalServer::wait_until_it_listens() {
  EXPECT_TRUE(process_->wait_for_err("action: start | result: success")) << "it does not start:\n"
                                                                         << process_->err();
}

void MortalServer::kill() {
  process_->send_signal(SIGKILL);
  EXPECT_EQ(process_->wait(), (ProcessEnd{std::nullopt, SIGKILL})) << "it had ended by itself:\n"
                                                                   << process_->err();
}

void MortalServer::stop() {
  process_->send_signal(SIGTERM);
  EXPECT_EQ(process_->wait(), (ProcessEnd{0, std::nullopt})) << process_->err();
}

}  // namespace sorteo::test
