#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/file_bet_store.hpp"
#include "tests/storage/attacks/store_driver.hpp"
#include "tests/storage/attacks/store_history.hpp"
#include "tests/support/simulated_disk.hpp"

namespace sorteo::test {

/// The directory of every store that is attacked.
inline constexpr char kStore[] = "bets";

/// A store whose log is in segments of 4 KiB, so that it rolls often.
FileStoreOptions tiny_segments(Durability durability = Durability::kFsync);
/// A store whose log begins with a segment of 64 KiB.
FileStoreOptions segments_of_64_kib();

/// What a store leaves on the disk, with what is in it.
struct SampleStore {
  FileStoreOptions options;
  DiskImage image;
  StoreHistory history;
  struct StoredBatch {
    std::uint32_t agency = 0;
    std::uint32_t bets = 0;
    std::string packets;
  };
  std::vector<StoredBatch> batches;  ///< those with bets, in order
  /// For each number of changes, from 0, where in the log they end.
  std::vector<std::uint64_t> ends;
  /// The disk after each group, for those who bring back older blocks.
  std::vector<DiskImage> earlier;

  /// The paths of the log's files, in order.
  std::vector<std::string> segments() const;
};

enum class Ending {
  kClosed,   ///< the program closed the store
  kCrashed,  ///< it was killed when everything had been acknowledged
};

enum class Lottery {
  kGoesOn,
  kIsOver,  ///< two agencies have finished, the draw has been held, the winners are kept
};

/// A store in one segment of 64 KiB that is nearly full: batches with an identity and without,
/// refused ones, at the end all that ends a lottery.
SampleStore one_full_segment(Ending ending);

/// A store of the same kind in so many segments of 4 KiB.
SampleStore several_segments(std::size_t segments, Ending ending,
                             Lottery lottery = Lottery::kIsOver);

/// One change of a kind that `random` chooses, with names that did not come before: `number` is
/// another one each time. Not the draw.
void ask_something(StoreDriver& driver, SeededRandom& random, std::uint64_t number);

/// The senders of ask_something().
std::vector<SenderKey> sample_senders();

}  // namespace sorteo::test
