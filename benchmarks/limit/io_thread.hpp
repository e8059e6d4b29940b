#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "benchmarks/limit/agency_counts.hpp"
#include "benchmarks/limit/byte_ring.hpp"
#include "benchmarks/limit/connection.hpp"

namespace sorteo::limit {

/// Serves connections: reads them straight into its ring, and answers each when its bytes are
/// durable.
class IoThread final {
 public:
  struct Options {
    std::size_t ring_bytes = std::size_t{8} * 1024 * 1024;
    std::uint32_t bets_per_batch = 100;
  };

  /// `counts` outlives this. `when_filled` is called from run().
  IoThread(const Options& options, AgencyCounts& counts, std::function<void()> when_filled);
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  ByteRing& ring() noexcept { return ring_; }

  /// Takes a connected socket that does not block. From any thread.
  void adopt(int socket);

  /// Bytes of the ring have become durable. From any thread.
  void notify() noexcept;

  /// Works until stop().
  void run();

  /// From any thread.
  void stop() noexcept;

 private:
  // Batches whose last byte is before `end` in the ring.
  struct InRing {
    Connection* connection;
    std::uint32_t batches;
    std::uint64_t end;
  };

  void watch(int operation, int socket, std::uint32_t events, void* data) const;
  void serve(Connection& connection, std::uint32_t events);
  void read(Connection& connection);
  void send(Connection& connection);
  void answer_durable();
  void end(Connection& connection);
  void release(Connection& connection);
  void wait_for_room() const;

  const Options options_;
  AgencyCounts& counts_;
  const std::function<void()> when_filled_;
  ByteRing ring_;
  const int epoll_;
  const int event_;
  std::deque<InRing> in_ring_;
  std::vector<Connection*> line_;
  std::atomic<bool> stopped_{false};
};

}  // namespace sorteo::limit
