#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/bet_store.hpp"
#include "core/bytes.hpp"
#include "storage/file.hpp"
#include "storage/file_system.hpp"

namespace sorteo {

/// What stands beside a log about it: up to where it was durable once, and how it ended there. So a
/// log that has lost its end is noticed (docs/storage.md, "The witness").
struct Testimony {
  std::uint64_t log_id = 0;
  std::uint64_t counter = 0;   ///< of two testimonies, the one with the larger is the later
  std::uint64_t end = 0;       ///< the log was durable up to here
  std::uint64_t previous = 0;  ///< the checksum of the record, or the header, that ends there
  bool is_closed = false;      ///< nothing was written behind it

  friend bool operator==(const Testimony&, const Testimony&) = default;
};

/// Two places of a file take turns in holding a testimony.
inline constexpr std::size_t kTestimonyBytes = 48;
inline constexpr std::size_t kTestimonyStride = 4096;
inline constexpr std::size_t kWitnessBytes = 2 * kTestimonyStride;

std::array<std::byte, kTestimonyBytes> encode_testimony(const Testimony& testimony) noexcept;

/// The later sound testimony in the bytes of a witness; nothing when there is none.
std::optional<Testimony> decode_witness(ByteView bytes) noexcept;

/// Writes down what is durable. Not thread-safe.
class Witness final {
 public:
  /// Says nothing.
  Witness() = default;
  /// Goes on in `file`, if there is one, behind `last`.
  Witness(std::unique_ptr<File> file, const Testimony& last) noexcept
      : file_(std::move(file)), last_(last) {}

  /// Opens the witness of the store in `directory`, or makes it, and has it say, durably and in
  /// both places, that the log which ends at `end` is open: `last` is what was found in it. Errors:
  /// what the system said; then it must not be written behind a log that it says is closed.
  static boost::system::result<Witness, StoreFailure> open(const FileSystem& files,
                                                           const std::string& directory,
                                                           const Testimony& end,
                                                           std::optional<std::uint64_t> counter);

  /// The log is durable up to `end`. Costs no sync: it survives a crash of the program, and what
  /// survives of it in a power cut is true. False when it could not be written; then the witness
  /// falls silent.
  bool say(std::uint64_t end, std::uint64_t previous) noexcept;

  /// The same, durably, and that nothing will be written behind it.
  boost::system::error_code close(std::uint64_t end, std::uint64_t previous) noexcept;

 private:
  boost::system::error_code write(bool is_closed) noexcept;

  std::unique_ptr<File> file_;  // none when it has fallen silent
  Testimony last_;
};

}  // namespace sorteo
