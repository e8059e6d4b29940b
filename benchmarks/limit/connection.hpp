#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "benchmarks/limit/agency_counts.hpp"
#include "benchmarks/limit/byte_ring.hpp"
#include "benchmarks/limit/frame_walk.hpp"

namespace sorteo::limit {

/// One connection: its first Message is answered by a Welcome, every other one by a Receipt once
/// its bytes are durable. Not thread-safe.
class Connection final {
 public:
  /// What became of reading or sending.
  enum class Outcome {
    kDone,     ///< there is no more to do for now
    kBlocked,  ///< the peer does not take the answers: call send() when it does
    kEnded,    ///< the peer has left
  };

  /// Takes `socket`, which does not block; `counts` outlives this.
  Connection(int socket, std::uint32_t bets_per_batch, AgencyCounts& counts);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int socket() const noexcept { return socket_; }

  /// Reads once. What follows the first Message goes straight into `ring`, which has room. `ended`
  /// is told how many Messages of it ended in what was read.
  Outcome read(ByteRing& ring, std::uint32_t& ended);

  /// So many batches have become durable.
  void owe(std::uint32_t batches) noexcept { owed_ += batches; }

  /// Sends what is owed, in one write.
  Outcome send();

  // Kept here by the thread that serves this connection.
  std::uint32_t in_ring = 0;    ///< entries of it that are not durable yet
  bool is_in_line = false;      ///< in the line of those that are to be answered
  bool has_ended = false;       ///< nothing more is read or sent
  bool waits_for_room = false;  ///< until the peer takes answers

 private:
  Outcome read_hello();

  const int socket_;
  const std::uint32_t bets_per_batch_;
  AgencyCounts& counts_;
  std::string hello_;
  bool is_welcome_ = false;
  std::uint32_t agency_ = 0;
  FrameWalk walk_;
  std::uint64_t answered_ = 0;
  std::uint64_t owed_ = 0;
  std::string answers_;
  std::size_t sent_ = 0;  // of answers_
};

}  // namespace sorteo::limit
