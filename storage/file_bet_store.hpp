#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/bet_store.hpp"
#include "core/log.hpp"
#include "storage/file_system.hpp"
#include "storage/read_ahead.hpp"
#include "storage/segment_maker.hpp"

namespace sorteo {

/// What an acknowledgement promises.
enum class Durability {
  kFsync,     ///< on the disk: survives a power cut
  kInterval,  ///< with the operating system, and on the disk after FileStoreOptions::sync_interval
  kOs,        ///< with the operating system: survives a crash of the program, not of the machine
};

struct FileStoreOptions {
  std::string path;                            ///< a directory; made if it is not there
  Durability durability = Durability::kFsync;  ///< what a callback without an error promises
  /// Bytes of changes that may wait for the disk; what comes on top is refused with kBusy. As many
  /// again may be on their way to it.
  std::size_t max_waiting_bytes = 64 * 1024 * 1024;
  /// With Durability::kInterval, how long what was acknowledged may be missing on the disk.
  std::chrono::milliseconds sync_interval{100};
  /// Whether a thread of the store's own brings changes to the disk. If not, the caller does it by
  /// pump(): for tests and simulations, in which everything happens in one thread.
  bool own_thread = true;
  /// Called once, by whoever brings changes to the disk, when the store has failed for good, after
  /// those were told whose changes failed with it. Must not close the store.
  std::function<void()> on_failed = {};
  SegmentSizes segments = {};  ///< how large the files of the log are made
  /// How all bets are visited; with threads of the store's own alone.
  ReadAheadOptions read_ahead = ReadAheadOptions::for_this_machine();
};

/// Keeps the bets in an append-only log of segments (docs/storage.md). Many batches share one
/// fdatasync.
class FileBetStore final : public BetStore {
 public:
  /// Opens the store, recovers what is there, and starts its writer thread. A torn tail is moved
  /// into a file of its own, with a warning in `log`, which must outlive the store.
  /// Errors: kLocked, kDamaged, or what the system said; nothing that was stored is changed then.
  static boost::system::result<std::unique_ptr<FileBetStore>, StoreFailure> open(
      FileStoreOptions options, Log& log);

  /// The same in `files`, which must outlive the store.
  static boost::system::result<std::unique_ptr<FileBetStore>, StoreFailure> open(
      FileStoreOptions options, Log& log, const FileSystem& files);

  /// Closes.
  ~FileBetStore() override;
  FileBetStore(const FileBetStore&) = delete;
  FileBetStore& operator=(const FileBetStore&) = delete;

  const StoreState& recovered() const noexcept override;
  void append(const Batch& batch, Completion done) override;
  void append_once(const IdentifiedBatch& batch, ReceiptCompletion done) override;
  SessionState session(std::uint32_t agency, const SessionId& session) const override;
  void record_finish(std::uint32_t agency, Completion done) override;
  void record_counted_finish(std::uint32_t agency, std::uint64_t bets,
                             CountCompletion done) override;
  void record_draw(std::uint32_t winning_number, Completion done) override;
  /// Errors: kDamaged with the offset; what the system said. Works in a store that has failed, too.
  [[nodiscard]] std::optional<StoreFailure> visit(BatchVisitor& visitor) const override;
  /// The same errors.
  [[nodiscard]] std::optional<StoreFailure> visit_parts(PartVisitor& visitor) const override;
  /// Errors: kClosed; what the system said; an invalid argument before a draw.
  [[nodiscard]] std::optional<StoreFailure> keep_winners(const WinnersByAgency& winners) override;
  [[nodiscard]] std::optional<StoreFailure> close() override;

  /// Without a thread of the store's own: brings what waits to the disk, as one group, and calls
  /// back. False when nothing waited; then it syncs what Durability::kInterval has left unsynced.
  /// One thread at a time may call it, or close().
  bool pump();

 private:
  class Impl;
  explicit FileBetStore(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace sorteo
