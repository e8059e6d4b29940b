#pragma once

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "apps/cli/bench/answer_stream.hpp"
#include "apps/cli/bench/ready_batches.hpp"
#include "core/session_id.hpp"

namespace sorteo::cli {

/// Room for the pieces of one gathered write; a thread needs one.
class GatherRoom final {
 public:
  static constexpr std::size_t kMaxBatches = 128;

  GatherRoom();

  /// The pieces that were gathered last.
  std::span<const iovec> pieces() const noexcept { return {pieces_.data(), used_}; }

 private:
  friend class BatchStream;

  std::array<std::string, kMaxBatches> headers_;
  std::array<iovec, 2 * kMaxBatches> pieces_;
  std::size_t used_ = 0;
};

/// The bytes that one connection sends: a message for each batch, one behind the other, without
/// end. Headers are made when they are written, Packets are those of the ReadyBatches, so that many
/// connections need no copies. Touches no socket. Not thread-safe.
class BatchStream final {
 public:
  /// Batch 0 holds the Packets of number `first`. `batches` must outlive the stream. In version 1
  /// `session` means nothing.
  BatchStream(const ReadyBatches& batches, WireVersion version, std::uint32_t agency,
              const SessionId& session, std::uint64_t first) noexcept;

  /// Gathers what is to be written next: up to the end of batch `end` - 1, and not more batches
  /// than there is room for. Allocates nothing.
  void gather(std::uint64_t end, GatherRoom& room) const noexcept;

  /// So many of the gathered bytes were written.
  void consume(std::size_t bytes) noexcept;

  /// How many batches were written whole.
  std::uint64_t written() const noexcept { return written_; }

  /// How many were begun.
  std::uint64_t begun() const noexcept { return written_ + (written_of_next_ > 0 ? 1 : 0); }

  /// How many bytes the message of `batch` has.
  std::size_t message_bytes(std::uint64_t batch) const noexcept;

 private:
  void write_header(std::uint64_t batch, std::string& to) const;

  const ReadyBatches& batches_;
  WireVersion version_;
  std::uint32_t agency_;
  SessionId session_;
  std::uint64_t first_;
  std::size_t header_bytes_;
  std::uint64_t written_ = 0;
  std::size_t written_of_next_ = 0;
};

}  // namespace sorteo::cli
