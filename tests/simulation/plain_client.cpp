#include "tests/simulation/plain_client.hpp"

#include <utility>

#include "core/bytes.hpp"
#include "core/message.hpp"
#include "core/reply.hpp"

namespace sorteo::simulation {
namespace {

using namespace std::chrono_literals;

constexpr auto kAnswerTimeout = 60ms;
constexpr std::size_t kMessageHeaderBytes = 5;
constexpr std::size_t kPacketHeaderBytes = 4;

std::string message(MessageType type, std::string_view payload) {
  std::string bytes;
  append_u8(bytes, static_cast<std::uint8_t>(type));
  append_u32(bytes, static_cast<std::uint32_t>(payload.size()));
  return bytes.append(payload);
}

}  // namespace

PlainClient::PlainClient(std::uint32_t agency, std::uint32_t batches,
                         const ClientSurroundings& surroundings, Chance chance)
    : agency_(agency), batches_(batches), surroundings_(surroundings), chance_(chance) {}

PlainClient::~PlainClient() { drop_connection(); }

std::string PlainClient::describe() const {
  return "client of version 1 of agency " + std::to_string(agency_) + ": " + std::to_string(sent_) +
         " batches sent" + (is_done_ ? ", done" : "");
}

// A crash loses the answer that it waits for.
void PlainClient::crash() { next(); }

void PlainClient::ask() {
  const std::uint64_t attempt = ++attempts_;
  surroundings_.network.connect(Network::kServer,
                                [this, attempt](std::shared_ptr<Connection> opened) {
                                  if (attempt != attempts_) {
                                    if (opened) {
                                      opened->reset(End::kClient);
                                    }
                                    return;
                                  }
                                  if (!opened) {
                                    next();
                                    return;
                                  }
                                  connection_ = std::move(opened);
                                  connection_->attach(End::kClient, this);
                                  connection_->send(End::kClient, request());
                                });
  surroundings_.network.scheduler().after(kAnswerTimeout, [this, attempt] {
    if (attempt == attempts_) {
      next();
    }
  });
}

// The present request has come to its end.
void PlainClient::next() {
  ++attempts_;
  drop_connection();
  if (!is_done_) {
    surroundings_.network.scheduler().after(chance_.time_between(100us, 5ms),
                                            [this, attempt = attempts_] {
                                              if (attempt == attempts_) {
                                                ask();
                                              }
                                            });
  }
}

std::string PlainClient::request() {
  std::string payload;
  append_u32(payload, agency_);
  if (sent_ == batches_) {
    return message(MessageType::kConsulta, payload);
  }
  ++sent_;
  return message(MessageType::kBatchBet, payload + surroundings_.bets.make_plain(agency_).packets);
}

void PlainClient::received() {
  const std::string& arrived = connection_->arrived(End::kClient);
  const std::size_t header =
      !arrived.empty() && arrived[0] == 0 ? kPacketHeaderBytes : kMessageHeaderBytes;
  if (arrived.size() < header) {
    return;
  }
  const std::size_t size = load_u32(as_bytes(arrived).data() + header - sizeof(std::uint32_t));
  if (arrived.size() < header + size) {
    return;
  }
  take(arrived);
  next();
}

void PlainClient::take(std::string_view answer) {
  if (answer[0] == static_cast<char>(MessageType::kRespuestaWinner)) {
    const auto winners = parse_winners(as_bytes(answer.substr(kMessageHeaderBytes)));
    surroundings_.model.told_winners(agency_, winners.value_or(std::vector<std::uint32_t>()));
    is_done_ = true;
  }
}

void PlainClient::drop_connection() {
  if (connection_) {
    connection_->reset(End::kClient);
    connection_.reset();
  }
}

}  // namespace sorteo::simulation
