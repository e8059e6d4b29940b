#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/handler.hpp"
#include "tests/support/recording_sink.hpp"

namespace sorteo::test {

/// Asks a handler as a session does: one request after the other, each with a responder of its own,
/// and with a payload that is gone as soon as the handler returns.
class HandlerHarness final {
 public:
  /// Asks `handler`, and returns the number of the request, from 1.
  std::uint64_t ask(Handler& handler, std::uint8_t type, std::string_view payload) {
    const std::vector<std::byte> bytes(as_bytes(payload).begin(), as_bytes(payload).end());
    handler.handle(Request{{type, bytes}, peer_}, Responder(sink_, ++requests_, type));
    return requests_;
  }

  /// The peer has left.
  void leave() noexcept { sink_->abandon(); }

  /// The replies so far.
  std::vector<Reply> replies() const { return sink_->replies(); }

  /// The replies to one request so far: one, if all is well.
  std::vector<Reply> replies_to(std::uint64_t request) const { return sink_->replies_to(request); }

 private:
  const Peer peer_{"127.0.0.1:40112"};
  const std::shared_ptr<RecordingSink> sink_ = std::make_shared<RecordingSink>();
  std::uint64_t requests_ = 0;
};

}  // namespace sorteo::test
