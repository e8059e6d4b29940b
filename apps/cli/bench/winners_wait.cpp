#include "apps/cli/bench/winners_wait.hpp"

#include <chrono>
#include <utility>
#include <vector>

#include "client_sdk/random_session.hpp"

namespace sorteo::cli {
namespace {

using Clock = std::chrono::steady_clock;

// A draw over very many bets takes minutes.
constexpr std::chrono::milliseconds kPatience{3'600'000};

BenchResult<std::vector<MessageSocket>> greet_all(const BenchServer& server,
                                                  const BenchOptions& options) {
  std::vector<MessageSocket> sockets;
  for (std::uint32_t index = 0; index < options.agencies; ++index) {
    auto socket = server.connect();
    if (socket.has_error()) {
      return socket.error();
    }
    const auto welcome =
        server.greet(*socket, options.first_agency + index, client::random_session());
    if (welcome.has_error()) {
      return welcome.error();
    }
    sockets.push_back(std::move(*socket));
  }
  return sockets;
}

}  // namespace

BenchResult<WinnersTold> wait_for_winners(const BenchServer& server, const BenchOptions& options,
                                          const ExpectedCounts& stored) {
  const auto sockets = greet_all(server, options);
  if (sockets.has_error()) {
    return sockets.error();
  }
  const Clock::time_point begin = Clock::now();
  for (std::uint32_t index = 0; index < options.agencies; ++index) {
    const std::uint32_t agency = options.first_agency + index;
    const MessageSocket& socket = (*sockets)[index];
    const v2::AwaitWinners question{agency, static_cast<std::uint32_t>(kPatience.count())};
    if (const auto finished = server.finish(socket, agency, stored.of(agency));
        finished.has_error()) {
      return finished.error();
    }
    if (const auto sent = socket.send(MessageType::kAwaitWinners, v2::encode(question));
        sent.has_error()) {
      return sent.error();
    }
  }
  WinnersTold told;
  for (const MessageSocket& socket : *sockets) {
    const auto winners = server.receive_winners(socket, kPatience);
    if (winners.has_error()) {
      return winners.error();
    }
    told.winners += winners->documents.size();
  }
  told.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return told;
}

}  // namespace sorteo::cli
