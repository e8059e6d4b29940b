#include "apps/cli/bench/idle_crowd.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "apps/cli/bench/process_usage.hpp"
#include "client_sdk/random_session.hpp"

namespace sorteo::cli {
namespace {

// A server lets the buffers of a connection go when it has been silent for a while.
constexpr std::chrono::milliseconds kBuffersLetGo{3'000};

}  // namespace

BenchResult<void> IdleCrowd::open(const BenchServer& server, const BenchOptions& options) {
  const std::uint64_t count = options.idle_connections;
  const auto before = options.server_pid ? usage_of(*options.server_pid) : std::nullopt;
  sockets_.reserve(count);
  for (std::uint64_t number = 0; number < count; ++number) {
    auto socket = server.connect();
    if (socket.has_error()) {
      return socket.error();
    }
    const auto welcome = server.greet(*socket, options.agency_of(number), client::random_session());
    if (welcome.has_error()) {
      return welcome.error();
    }
    sockets_.push_back(std::move(*socket));
  }
  if (before && count > 0) {
    std::this_thread::sleep_for(kBuffersLetGo);
    if (const auto after = usage_of(*options.server_pid)) {
      bytes_each_ = (static_cast<double>(after->resident_bytes) -
                     static_cast<double>(before->resident_bytes)) /
                    static_cast<double>(count);
    }
  }
  return {};
}

std::uint64_t IdleCrowd::count_lost() const noexcept {
  return static_cast<std::uint64_t>(
      std::count_if(sockets_.begin(), sockets_.end(),
                    [](const MessageSocket& socket) { return !socket.is_silent(); }));
}

}  // namespace sorteo::cli
