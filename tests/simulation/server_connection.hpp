#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/handler_registry.hpp"
#include "tests/simulation/answer_watch.hpp"
#include "tests/simulation/network.hpp"
#include "transport/frame_decoder.hpp"
#include "transport/reply_queue.hpp"
#include "transport/session_limits.hpp"

namespace sorteo::simulation {

/// What the connections of one server process share.
struct ServerSurroundings {
  Scheduler& scheduler;
  Transcript& transcript;
  Model& model;
  const HandlerRegistry& handlers;
  SessionLimits limits;
  /// Whether the process still runs: what it does afterwards has no effect.
  std::function<bool()> is_running;
  /// Requests were given to their handlers.
  std::function<void()> on_requests;
};

/// The server's end of one connection. Does what transport's Session does, with the same decoder
/// and the same queue of replies, without a socket.
class ServerConnection final : public Peer, public std::enable_shared_from_this<ServerConnection> {
 public:
  static std::shared_ptr<ServerConnection> open(std::shared_ptr<Connection> connection,
                                                const ServerSurroundings& surroundings);
  ~ServerConnection() override;
  ServerConnection(const ServerConnection&) = delete;
  ServerConnection& operator=(const ServerConnection&) = delete;

  void received() override;
  void ended() override;
  void broken() override;

  /// Receives no more because the server stops; what is in flight is still answered.
  void go_away();
  /// The process ends. The system sends what the process had sent, and then says that it is over,
  /// or breaks the connection at once.
  void cut(bool sends_rest);
  /// The machine is gone.
  void fall_silent();
  /// Ends when nothing has come or gone for the time that the limits say.
  void check_idle();
  bool is_over() const noexcept { return is_over_; }

 private:
  ServerConnection(std::shared_ptr<Connection> connection, const ServerSurroundings& surroundings);

  void dispatch_buffered();
  void dispatch(const Message& message);
  void wake();
  void flush();
  void end_if_done();

  const std::shared_ptr<Connection> connection_;
  const ServerSurroundings& surroundings_;
  AnswerWatch watch_;
  std::shared_ptr<ReplyQueue> replies_;  // shared with the responders
  FrameDecoder decoder_;
  Scheduler::Time active_at_;
  bool is_receiving_ = true;
  bool is_going_away_ = false;
  bool is_over_ = false;
};

}  // namespace sorteo::simulation
