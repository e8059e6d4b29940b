#include "tests/simulation/server_connection.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "core/version2_reply.hpp"
#include "transport/reply_encoding.hpp"

namespace sorteo::simulation {
namespace {

constexpr std::uint8_t kFirstLaterType = 5;
constexpr std::uint32_t kBackAfterMs = 20;

}  // namespace

std::shared_ptr<ServerConnection> ServerConnection::open(std::shared_ptr<Connection> connection,
                                                         const ServerSurroundings& surroundings) {
  const std::shared_ptr<ServerConnection> opened(
      new ServerConnection(std::move(connection), surroundings));
  opened->replies_ = std::make_shared<ReplyQueue>(
      surroundings.limits.max_requests_in_flight, [weak = opened->weak_from_this()] {
        if (const auto self = weak.lock()) {
          self->surroundings_.scheduler.after({}, [weak] {
            if (const auto still = weak.lock()) {
              still->wake();
            }
          });
        }
      });
  return opened;
}

ServerConnection::ServerConnection(std::shared_ptr<Connection> connection,
                                   const ServerSurroundings& surroundings)
    : connection_(std::move(connection)),
      surroundings_(surroundings),
      watch_(surroundings.model, surroundings.transcript,
             "connection " + std::to_string(connection_->number())),
      decoder_(surroundings.limits.max_frame_bytes),
      active_at_(surroundings.scheduler.now()) {
  connection_->attach(End::kServer, this);
}

ServerConnection::~ServerConnection() {
  connection_->attach(End::kServer, nullptr);
  replies_->close();
}

void ServerConnection::received() {
  active_at_ = surroundings_.scheduler.now();
  dispatch_buffered();
  surroundings_.on_requests();
}

void ServerConnection::ended() {
  is_receiving_ = false;
  replies_->abandon();
  flush();
}

void ServerConnection::broken() {
  surroundings_.transcript.note(
      [this] { return "connection " + std::to_string(connection_->number()) + " is broken"; });
  is_over_ = true;
  replies_->close();
}

void ServerConnection::go_away() {
  is_receiving_ = false;
  is_going_away_ = !is_over_;
  flush();
}

void ServerConnection::cut(bool sends_rest) {
  if (!is_over_) {
    is_over_ = true;
    connection_->attach(End::kServer, nullptr);
    if (sends_rest) {
      connection_->finish(End::kServer);
    } else {
      connection_->reset(End::kServer);
    }
  }
  replies_->close();
}

void ServerConnection::fall_silent() {
  is_over_ = true;
  connection_->attach(End::kServer, nullptr);
  connection_->silence();
  replies_->close();
}

void ServerConnection::check_idle() {
  if (!is_over_ && replies_->in_flight() == 0 &&
      surroundings_.scheduler.now() - active_at_ >= surroundings_.limits.idle_timeout) {
    is_receiving_ = false;
    flush();
  }
}

// As Session does: takes what has arrived as long as answers have room.
void ServerConnection::dispatch_buffered() {
  std::string& arrived = connection_->arrived(End::kServer);
  while (is_receiving_ && !is_over_) {
    if (replies_->is_full()) {
      flush();
      if (replies_->is_full()) {
        return;
      }
    }
    {
      const ReplyQueue::Collecting collecting(*replies_);
      const auto frame = decoder_.next();
      if (frame.has_error()) {
        is_receiving_ = false;
        break;
      }
      if (frame->has_value()) {
        dispatch(**frame);
        continue;
      }
    }
    if (arrived.empty()) {
      break;
    }
    const auto room = decoder_.prepare();
    const std::size_t count = std::min(room.size(), arrived.size());
    std::memcpy(room.data(), arrived.data(), count);
    decoder_.commit(count);
    arrived.erase(0, count);
  }
  flush();
}

void ServerConnection::dispatch(const Message& message) {
  Handler* const handler = surroundings_.handlers.find(message.type);
  if (handler == nullptr && message.type < kFirstLaterType) {
    is_receiving_ = false;
    return;
  }
  watch_.asked(message);
  Responder responder(replies_, replies_->open(), message.type);
  if (handler == nullptr) {
    responder.send(v2::error_reply(v2::ErrorCode::kUnsupported, message.type, "unknown"));
    return;
  }
  static const sorteo::Peer kNobody{"simulated"};
  handler->handle({message, kNobody}, std::move(responder));
}

void ServerConnection::wake() {
  replies_->acknowledge_wake();
  flush();
  dispatch_buffered();
  surroundings_.on_requests();
}

void ServerConnection::flush() {
  if (is_over_) {
    return;
  }
  std::string frames;
  replies_->collect(frames);
  if (is_going_away_ && replies_->accepts_go_away()) {
    encode_reply(frames, v2::go_away_reply({kBackAfterMs, "the server is stopping"}));
    is_going_away_ = false;
  }
  if (!frames.empty() && surroundings_.is_running()) {
    active_at_ = surroundings_.scheduler.now();
    watch_.answered(frames);
    connection_->send(End::kServer, frames);
  }
  end_if_done();
}

// Closes when everything is answered that was received.
void ServerConnection::end_if_done() {
  if (!is_receiving_ && !is_over_ && replies_->in_flight() == 0 && surroundings_.is_running()) {
    is_over_ = true;
    connection_->finish(End::kServer);
    connection_->attach(End::kServer, nullptr);
    replies_->close();
  }
}

}  // namespace sorteo::simulation
