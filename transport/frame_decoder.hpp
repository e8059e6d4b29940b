#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/message.hpp"
#include "transport/receive_buffer.hpp"
#include "transport/transport_error.hpp"

namespace sorteo {

/// What is wrong with a frame, with the numbers that it gave.
struct FrameFault {
  TransportError code;
  unsigned byte;         ///< the message's type; of an unrecognised Packet, its first payload byte
  std::uint32_t length;  ///< of the payload, as announced

  friend bool operator==(const FrameFault&, const FrameFault&) = default;
};

/// Makes Messages of the bytes of one connection, whichever generation of client sent them
/// (docs/protocol.md, "Generations"): Packets and Messages may alternate. Owns the receive buffer;
/// the Messages are views into it. Never touches a socket. Not thread-safe.
///
///     decoder.commit(read(socket, decoder.prepare()));
///     while (auto frame = decoder.next(); frame && *frame) { ... **frame ... }
class FrameDecoder final {
 public:
  /// `max_payload_bytes`: a frame that announces more is refused as soon as its length is known.
  explicit FrameDecoder(std::size_t max_payload_bytes) noexcept : max_payload_(max_payload_bytes) {}

  /// Room to receive into, at least one byte. Call it when next() had nothing. Ends every Message
  /// given out before.
  std::span<std::byte> prepare() { return buffer_.prepare(wanted_); }

  /// The first `count` bytes of what prepare() gave were received.
  void commit(std::size_t count) noexcept { buffer_.commit(count); }

  /// The next whole frame, or nothing when more bytes are needed. The Message lives until prepare()
  /// or release(). Faults: kFrameTooLong, kTlsOnPlainPort, kUnrecognisedPacket; the stream cannot
  /// be read on, and every later call gives the same fault.
  boost::system::result<std::optional<Message>, FrameFault> next() noexcept;

  /// How many bytes wait for the rest of their frame, or for next().
  std::size_t buffered() const noexcept { return buffer_.held().size(); }

  /// How many bytes of memory the buffer takes.
  std::size_t capacity() const noexcept { return buffer_.capacity(); }

  /// Gives the buffer's memory back, with what it holds. Receiving can go on.
  void release() noexcept;

 private:
  const std::size_t max_payload_;
  std::size_t wanted_ = 0;  // the size of the frame that the buffer begins with; 0 when unknown
  ReceiveBuffer buffer_;
};

}  // namespace sorteo
