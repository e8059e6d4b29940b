#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client_sdk/deadline.hpp"

namespace sorteo::client {

/// Why a host has no address.
struct ResolveFault {
  bool timed_out = false;
  std::string message;
};

/// Finds the addresses of a host without waiting past a deadline.
class NameResolver final {
 public:
  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
  using Found = boost::system::result<Endpoints, ResolveFault>;
  /// Looks a name up, for as long as it takes, on a thread of its own.
  using Lookup = std::function<Found(const std::string& host, std::uint16_t port)>;

  /// Asks the system.
  NameResolver();
  /// Asks `lookup`; for tests.
  explicit NameResolver(Lookup lookup);

  /// All addresses of `host`, in the order in which the system prefers them; never none. An address
  /// stands for itself and is not looked up. A lookup that is not done by `deadline` goes on, and
  /// the next call for the same host waits for it instead of beginning another. One that is never
  /// waited for again ends when the system gives up, and shares nothing with the caller.
  Found resolve(const std::string& host, std::uint16_t port, Clock::time_point deadline);

 private:
  class Mailbox;

  Lookup lookup_;
  std::shared_ptr<Mailbox> pending_;  // shared with the thread of a lookup that goes on
};

}  // namespace sorteo::client
