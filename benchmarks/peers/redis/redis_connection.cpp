#include "benchmarks/peers/redis/redis_connection.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>

namespace sorteo::peers {

RedisConnection::RedisConnection(const std::string& server) : context_(nullptr, &redisFree) {
  const std::size_t colon = server.rfind(':');
  context_.reset(
      redisConnect(server.substr(0, colon).c_str(), std::stoi(server.substr(colon + 1))));
  if (context_ == nullptr || context_->err != 0) {
    throw std::runtime_error("cannot connect to " + server);
  }
}

void RedisConnection::send(std::string_view commands) {
  while (!commands.empty()) {
    const ssize_t sent = ::send(context_->fd, commands.data(), commands.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) {
      throw std::runtime_error("the connection broke while sending");
    }
    commands.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
  }
}

std::uint64_t RedisConnection::receive() {
  for (std::uint64_t received = 0;;) {
    void* reply = nullptr;
    if (redisGetReplyFromReader(context_.get(), &reply) != REDIS_OK) {
      throw std::runtime_error("what the server answered is no Redis");
    }
    if (reply != nullptr) {
      check(static_cast<redisReply*>(reply));
      ++received;
    } else if (received > 0) {
      return received;
    } else if (redisBufferRead(context_.get()) != REDIS_OK) {
      throw std::runtime_error("the connection broke while receiving");
    }
  }
}

RedisConnection::Reply RedisConnection::check(redisReply* reply) const {
  Reply owned(reply, &freeReplyObject);
  if (owned == nullptr) {
    throw std::runtime_error(std::string("no answer: ") + context_->errstr);
  }
  if (owned->type == REDIS_REPLY_ERROR) {
    throw std::runtime_error(std::string("the server says: ") + owned->str);
  }
  return owned;
}

}  // namespace sorteo::peers
