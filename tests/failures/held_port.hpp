#pragma once

#include <cstdint>

namespace sorteo::test {

/// A loopback port that a server can be started on again and again: meanwhile nobody else gets it,
/// and connections to it are refused. Linux lets a second socket with SO_REUSEADDR have a port that
/// is bound and not listened on, but gives it to nobody who asks for any port. Without this, a
/// client that keeps trying to connect could at last be given the port itself, and meet itself
/// there.
class HeldPort final {
 public:
  /// Throws std::system_error when there is none.
  HeldPort();
  HeldPort(const HeldPort&) = delete;
  HeldPort& operator=(const HeldPort&) = delete;
  ~HeldPort();

  std::uint16_t number() const noexcept { return number_; }

 private:
  int socket_ = -1;
  std::uint16_t number_ = 0;
};

}  // namespace sorteo::test
