#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>

namespace sorteo::peers {

/// What a stream writes next: one acknowledgement at a time; what becomes durable meanwhile is in
/// the next one. Not thread-safe.
class AckTurns final {
 public:
  enum class Turn { kNothing, kWrite, kFinish };

  /// A batch was read. Returns its number, from 1.
  std::uint64_t take() noexcept { return ++taken_; }
  /// No more batches come.
  void end_reading() noexcept { read_ended_ = true; }
  /// All batches up to `through` are durable.
  void set_durable(std::uint64_t through) noexcept { durable_ = through; }
  /// The write that next() asked for is over.
  void written() noexcept { writing_ = false; }

  /// What to do now; an acknowledgement that is to be written is put into `message`.
  Turn next(grpc::ByteBuffer& message);

 private:
  std::uint64_t taken_ = 0;
  std::uint64_t durable_ = 0;
  std::uint64_t acknowledged_ = 0;
  bool writing_ = false;
  bool read_ended_ = false;
  bool finished_ = false;
};

}  // namespace sorteo::peers
