#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "tests/support/seeded_random.hpp"

namespace sorteo::test {

inline constexpr std::size_t kSectorBytes = 512;

/// The bytes of one file of a SimulatedDisk: what programs see of them, and what of it is on the
/// disk. A sector is written whole or not at all; between two syncs the system may write each one
/// when it likes, and so may it write the size.
class SimulatedInode final {
 public:
  SimulatedInode() = default;
  /// All of it on the disk.
  explicit SimulatedInode(std::string content)
      : content_(std::move(content)), durable_(content_), sizes_{content_.size()} {}

  /// What a program reads.
  const std::string& content() const noexcept { return content_; }
  /// What is left by the power cut that is the hardest on what was not synced.
  const std::string& durable() const noexcept { return durable_; }

  std::size_t read(std::span<std::byte> to, std::uint64_t offset) const noexcept;
  void write(ByteView from, std::uint64_t offset);
  void truncate(std::uint64_t size);

  /// Everything that was written is on the disk now, except what an earlier failed sync gave up.
  void sync();

  /// A sync that fails: of each sector that waited, it is open whether it was written, waits on, or
  /// was given up. What was given up can be read until the system forgets it, and no later sync
  /// writes it, as on Linux (Rebello et al., "Can applications recover from fsync failures?",
  /// USENIX ATC 2020).
  void fail_sync(SeededRandom& random);

  /// The system forgets what does not wait to be written: what was given up is seen no more.
  void drop_cache();

  /// Leaves what is on the disk: of each sector that waited, what it held at the last sync or at
  /// any time since, the latest in `survival` of a hundred cases; of the size, the same.
  void cut_power(SeededRandom& random, unsigned survival);

 private:
  using Sector = std::array<char, kSectorBytes>;

  static Sector sector_of(const std::string& bytes, std::size_t index) noexcept;
  void put(std::string& bytes, std::size_t index, const Sector& sector) const noexcept;
  void touch(std::size_t first, std::size_t last);

  std::string content_;
  std::string durable_;
  /// The sectors that wait to be written, with what they held since the last sync, the present not
  /// included.
  std::map<std::size_t, std::vector<Sector>> waiting_;
  std::set<std::size_t> given_up_;
  std::vector<std::uint64_t> sizes_{0};  ///< since the last sync; the first one is on the disk
};

}  // namespace sorteo::test
