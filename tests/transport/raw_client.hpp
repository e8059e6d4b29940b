#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace sorteo::test {

/// A blocking client on loopback that knows bytes only. Nothing blocks for longer than the timeout;
/// what did not happen by then is a failed expectation.
class RawClient final {
 public:
  static constexpr std::chrono::seconds kTimeout{20};

  enum class Family { kIpv4, kIpv6 };

  /// A socket that is not connected yet.
  explicit RawClient(Family family = Family::kIpv4);
  explicit RawClient(std::uint16_t port) : RawClient() { connect(port); }
  RawClient(RawClient&& other) noexcept;
  RawClient& operator=(RawClient&&) = delete;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { close(); }

  void connect(std::uint16_t port);

  /// False when nobody listens.
  [[nodiscard]] bool try_connect(std::uint16_t port);

  /// Asks for a small receive buffer, so that a peer that is not read from notices soon. Before
  /// connect().
  void shrink_receive_buffer();

  /// Sends all of `bytes`. False when the connection broke.
  bool send(std::string_view bytes);

  /// Sends what goes out at once, and says how much that was.
  std::size_t send_some(std::string_view bytes);

  /// Ends our stream; the other direction lives on.
  void end_stream();

  /// Exactly `count` bytes, or fewer when the stream ended before.
  std::string receive(std::size_t count);

  /// Everything until the peer ends the stream. `is_reset()` says when it ended by a reset.
  std::string receive_all();
  bool is_reset() const noexcept { return is_reset_; }

  /// The payload of the next answer that is a Packet.
  std::string receive_packet();

  /// Closes so that the peer is told by a reset.
  void reset();
  void close() noexcept;

 private:
  Family family_;
  int socket_;
  bool is_reset_ = false;
};

}  // namespace sorteo::test
