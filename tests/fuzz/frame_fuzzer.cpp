// Any bytes as a connection's: the decoder ends, never holds more memory than a frame may have, and
// gives the same messages whether the bytes come at once or one by one.

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "tests/fuzz/require.hpp"
#include "transport/frame_decoder.hpp"

namespace {

using sorteo::test::require;

constexpr std::size_t kLimit = 4096;
constexpr std::size_t kRoom = 64 * 1024;  // the largest frame, and what is received beyond it

struct Conversation {
  std::vector<std::string> messages;
  bool is_broken = false;

  friend bool operator==(const Conversation&, const Conversation&) = default;
};

Conversation decode(sorteo::ByteView bytes, std::size_t step) {
  Conversation conversation;
  sorteo::FrameDecoder decoder(kLimit);
  while (!bytes.empty() && !conversation.is_broken) {
    const auto room = decoder.prepare();
    const std::size_t count = std::min({step, room.size(), bytes.size()});
    std::memcpy(room.data(), bytes.data(), count);
    bytes = bytes.subspan(count);
    decoder.commit(count);
    for (;;) {
      const auto frame = decoder.next();
      conversation.is_broken = frame.has_error();
      if (frame.has_error() || !frame->has_value()) {
        break;
      }
      const sorteo::Message& message = **frame;
      require(message.payload.size() <= kLimit);
      conversation.messages.push_back(static_cast<char>(message.type) +
                                      std::string(sorteo::as_text(message.payload)));
    }
    require(decoder.capacity() <= kRoom);
  }
  return conversation;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sorteo::ByteView bytes = sorteo::test::fuzz_bytes(data, size);
  require(decode(bytes, 1) == decode(bytes, bytes.size()));
  return 0;
}
