// An agency program that keeps its bets in memory, for tests that kill it: it sends the numbered
// bets 1 to N of sender 1 through an outbox, finishes, waits for the draw, and prints the documents
// of the winners.
//
// usage: outbox_agency PORT OUTBOX N

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>
#include <variant>

#include "client_sdk/client.hpp"
#include "tests/failures/numbered_bet.hpp"

namespace {

int failed(const sorteo::client::Failure& failure) {
  std::cerr << failure.message << "\n";
  return 1;
}

int run(std::uint16_t port, const std::string& outbox, std::uint32_t bets) {
  sorteo::client::Options options;
  options.host = "127.0.0.1";
  options.port = port;
  options.agency = 1;
  options.protocol = sorteo::client::Protocol::kVersion2;
  options.outbox.emplace().path = outbox;
  options.max_batch_bets = 7;
  options.first_retry = std::chrono::milliseconds(2);
  options.longest_retry = std::chrono::milliseconds(50);
  sorteo::client::Client client(std::move(options));
  const auto taken = static_cast<std::uint32_t>(client.recovered().bets_taken);
  for (std::uint32_t index = taken + 1; index <= bets; ++index) {
    if (const auto failure = client.submit(sorteo::test::numbered_bet(1, index))) {
      return failed(*failure);
    }
  }
  if (const auto failure = client.finish()) {
    return failed(*failure);
  }
  const auto answer = client.wait_for_winners(std::chrono::minutes(1));
  if (const auto* failure = std::get_if<sorteo::client::Failure>(&answer)) {
    return failed(*failure);
  }
  for (const std::uint32_t document : std::get<sorteo::client::Winners>(answer)) {
    std::cout << document << "\n";
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: outbox_agency PORT OUTBOX N\n";
    return 2;
  }
  return run(static_cast<std::uint16_t>(std::stoul(argv[1])), argv[2],
             static_cast<std::uint32_t>(std::stoul(argv[3])));
}
