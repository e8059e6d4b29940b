#include "transport/reply_encoding.hpp"

#include <cstdint>
#include <limits>

#include "core/bytes.hpp"
#include "core/message.hpp"
#include "core/version2_reply.hpp"

namespace sorteo {
namespace {

constexpr std::size_t kMaxPacket = (1U << 24) - 1;
constexpr std::size_t kMaxMessage = std::numeric_limits<std::uint32_t>::max();

}  // namespace

void encode_reply(std::string& out, const Reply& reply) {
  const bool is_message = reply.envelope == Reply::Envelope::kMessage;
  if (reply.payload.size() > (is_message ? kMaxMessage : kMaxPacket)) {
    return encode_reply(out, internal_reply(reply.type));
  }
  if (is_message) {
    append_u8(out, reply.type);
  }
  append_u32(out, static_cast<std::uint32_t>(reply.payload.size()));
  out += reply.payload.view();
}

}  // namespace sorteo
