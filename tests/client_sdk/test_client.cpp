#include "tests/client_sdk/test_client.hpp"

#include <gtest/gtest.h>

namespace sorteo::client {

Bet bet(std::uint32_t document) {
  return {"Ana", "Paz", std::to_string(document), "1999-03-17", "7574"};
}

Bet huge_bet(std::uint32_t document) {
  Bet huge = bet(document);
  huge.document.insert(0, 60'000, '0');
  return huge;
}

std::vector<Bet> bets(std::uint32_t first, std::uint32_t last) {
  std::vector<Bet> result;
  for (std::uint32_t document = first; document <= last; ++document) {
    result.push_back(bet(document));
  }
  return result;
}

std::vector<std::string> documents(std::uint32_t first, std::uint32_t last) {
  std::vector<std::string> result;
  for (std::uint32_t document = first; document <= last; ++document) {
    result.push_back(std::to_string(document));
  }
  return result;
}

std::string describe(const BatchResult& batch) {
  const std::string word = batch.outcome == Outcome::kStored      ? "stored "
                           : batch.outcome == Outcome::kDuplicate ? "duplicate "
                           : batch.outcome == Outcome::kRefused   ? "refused "
                                                                  : "unknown ";
  return word + std::to_string(batch.first_bet) + "-" +
         std::to_string(batch.first_bet + batch.bets - 1);
}

TestClient::TestClient(std::uint16_t port, const std::function<void(Options&)>& change)
    : client_(options(port, change)) {}

Options TestClient::options(std::uint16_t port, const std::function<void(Options&)>& change) {
  Options options;
  options.host = "127.0.0.1";
  options.port = port;
  options.agency = 1;
  options.max_batch_bets = 10;
  options.protocol = Protocol::kVersion1;
  options.first_poll = std::chrono::milliseconds(2);
  options.longest_poll = std::chrono::milliseconds(8);
  change(options);
  options.on_batch = [this](const BatchResult& batch) { outcomes_.push_back(describe(batch)); };
  return options;
}

void TestClient::submit(std::uint32_t first, std::uint32_t last) {
  const Submitted submitted = client_.submit_all(bets(first, last));
  EXPECT_EQ(submitted.taken, last - first + 1);
  EXPECT_FALSE(submitted.failure) << submitted.failure->message;
}

}  // namespace sorteo::client
