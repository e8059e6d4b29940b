#include "apps/cli/bench/bench_server.hpp"

#include <optional>

#include "client_sdk/name_resolver.hpp"
#include "client_sdk/random_session.hpp"
#include "core/version2_error.hpp"

namespace sorteo::cli {
namespace {

// What `received` says when it is not the answer that was asked for.
BenchFailure not_answered(const MessageSocket::Received& received, std::string_view question) {
  const std::string begin = "to " + std::string(question) + " the server answered ";
  if (received.type == static_cast<std::uint8_t>(MessageType::kError)) {
    if (const auto error = v2::decode_error(as_bytes(received.payload))) {
      const ExitCode code =
          error->code == v2::ErrorCode::kNotHeld ? ExitCode::kDrawNotHeld : ExitCode::kRefused;
      return {code, begin + v2::describe(*error)};
    }
  }
  return {ExitCode::kNoConnection,
          begin + "with a message of type " + std::to_string(received.type)};
}

// The payload of the answer, which must be of `type`, as `decode` reads it.
template <typename Decode>
auto read_answer(const BenchResult<MessageSocket::Received>& received, MessageType type,
                 std::string_view question, Decode decode)
    -> BenchResult<typename decltype(decode(ByteView()))::value_type> {
  if (received.has_error()) {
    return received.error();
  }
  if (received->type == static_cast<std::uint8_t>(type)) {
    if (auto decoded = decode(as_bytes(received->payload))) {
      return std::move(*decoded);
    }
  }
  return not_answered(*received, question);
}

}  // namespace

BenchResult<BenchServer> BenchServer::find(const Endpoint& server,
                                           std::chrono::milliseconds timeout) {
  client::NameResolver resolver;
  const auto found = resolver.resolve(server.host, server.port, client::Clock::now() + timeout);
  if (found.has_error()) {
    return BenchFailure{ExitCode::kNoConnection, server.host + ": " + found.error().message};
  }
  return BenchServer(found->front(), timeout);
}

BenchResult<MessageSocket> BenchServer::connect() const {
  return MessageSocket::connect(address_, timeout_);
}

BenchResult<v2::Welcome> BenchServer::greet(const MessageSocket& socket, std::uint32_t agency,
                                            const SessionId& session) const {
  v2::Hello hello;
  hello.agency = agency;
  hello.session = session;
  if (const auto sent = socket.send(MessageType::kHello, v2::encode(hello)); sent.has_error()) {
    return sent.error();
  }
  return read_answer(socket.receive(timeout_), MessageType::kWelcome, "Hello", &v2::decode_welcome);
}

BenchResult<v2::Welcome> BenchServer::ask(std::uint32_t agency) const {
  const auto socket = connect();
  if (socket.has_error()) {
    return socket.error();
  }
  return greet(*socket, agency, client::random_session());
}

BenchResult<void> BenchServer::finish(const MessageSocket& socket, std::uint32_t agency,
                                      std::uint64_t bets) const {
  const std::string payload = v2::encode(v2::Finish{agency, bets});
  if (const auto sent = socket.send(MessageType::kFinish, payload); sent.has_error()) {
    return sent.error();
  }
  const auto finished =
      read_answer(socket.receive(timeout_), MessageType::kFinished, "Finish", &v2::decode_finished);
  return finished.has_error() ? BenchResult<void>(finished.error()) : BenchResult<void>();
}

BenchResult<v2::Winners> BenchServer::receive_winners(const MessageSocket& socket,
                                                      std::chrono::milliseconds patience) const {
  return read_answer(socket.receive(patience), MessageType::kWinners, "AwaitWinners",
                     &v2::decode_winners);
}

}  // namespace sorteo::cli
