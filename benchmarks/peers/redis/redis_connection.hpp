#pragma once

#include <hiredis/hiredis.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sorteo::peers {

/// A blocking connection to Redis that pipelines ready-made commands. Throws std::runtime_error
/// when it fails or the server answers with an error.
class RedisConnection final {
 public:
  /// `server` is HOST:PORT.
  explicit RedisConnection(const std::string& server);

  using Reply = std::unique_ptr<redisReply, decltype(&freeReplyObject)>;

  /// Sends the bytes of a command, or of several.
  void send(std::string_view commands);

  /// Waits for answers. Returns how many there are; they are numbers, and are not looked at.
  std::uint64_t receive();

  /// Sends one command, as hiredis formats it, and waits for its answer.
  template <typename... Arguments>
  Reply ask(const char* format, Arguments... arguments) {
    return check(static_cast<redisReply*>(redisCommand(context_.get(), format, arguments...)));
  }

 private:
  Reply check(redisReply* reply) const;

  std::unique_ptr<redisContext, decltype(&redisFree)> context_;
};

}  // namespace sorteo::peers
