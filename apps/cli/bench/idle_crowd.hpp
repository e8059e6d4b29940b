#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "apps/cli/bench/bench_failure.hpp"
#include "apps/cli/bench/bench_options.hpp"
#include "apps/cli/bench/bench_server.hpp"
#include "apps/cli/bench/message_socket.hpp"

namespace sorteo::cli {

/// Connections that say Hello and then stay silent beside the load.
class IdleCrowd final {
 public:
  IdleCrowd() = default;
  IdleCrowd(const IdleCrowd&) = delete;
  IdleCrowd& operator=(const IdleCrowd&) = delete;

  /// Opens `options.idle_connections`. With `options.server_pid`, also waits until the server has
  /// let their buffers go, and notes what they cost it. Errors: kNoConnection, kRefused.
  [[nodiscard]] BenchResult<void> open(const BenchServer& server, const BenchOptions& options);

  /// Resident bytes of the server for each of them, if that is known.
  std::optional<double> bytes_each() const noexcept { return bytes_each_; }

  /// How many the server has closed.
  std::uint64_t count_lost() const noexcept;

 private:
  std::vector<MessageSocket> sockets_;
  std::optional<double> bytes_each_;
};

}  // namespace sorteo::cli
