#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client_sdk/batch_log.hpp"
#include "client_sdk/outbox_disk.hpp"
#include "client_sdk/outbox_format.hpp"
#include "client_sdk/outbox_options.hpp"
#include "client_sdk/outbox_state.hpp"

namespace sorteo::client {

/// A file that holds a session's batches from before they are sent until their outcome is known, so
/// that a program that crashed goes on where it was (docs/outbox.md). One process has it open at a
/// time. Memory: the unsettled batches. Not thread-safe.
///
/// After a write or a sync that failed, nothing more is written in this process: append() and
/// settle() say so again each time. What is really on the disk, the next opening finds out.
class Outbox final : public BatchLog {
 public:
  /// Opens the outbox, or makes it. The error is a sentence that names the file: it is in use, of
  /// another agency or source, damaged (with the offset), or the system said no. In the first
  /// three cases the file has not been changed.
  static boost::system::result<std::unique_ptr<Outbox>, std::string> open(
      const OutboxOptions& options);

  /// The same with the files of `disk`, which must outlive the outbox.
  static boost::system::result<std::unique_ptr<Outbox>, std::string> open(
      const OutboxOptions& options, OutboxDisk& disk);

  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  ~Outbox() override;

  const SessionId& session() const noexcept override { return state_.session; }

  /// How many bets its batches held, all together.
  std::uint64_t bets_taken() const noexcept override { return state_.bets_taken; }

  /// Of the newest batch; 0 when there was none.
  std::uint64_t last_sequence() const noexcept override { return state_.last_sequence; }

  /// Every batch up to this one has been settled.
  std::uint64_t settled() const noexcept override { return state_.settled; }

  /// How many bets of the settled batches are stored.
  std::uint64_t settled_bets() const noexcept override { return state_.settled_bets; }

  /// The batches behind settled(), in order.
  std::vector<OutboxBatch> unsettled() const override;

  /// How many bytes of a write that a crash had cut short were cut off on opening.
  std::uint64_t torn_bytes() const noexcept { return torn_bytes_; }

  /// Adds the next batch: it follows the last one without a gap, in sequence and first_bet. Durable
  /// when nothing is returned, as OutboxOptions::sync says. Otherwise it must not be sent: the next
  /// opening may find it, or not.
  [[nodiscard]] std::optional<std::string> append(const OutboxBatch& batch) override;

  /// Notes the outcome of the oldest unsettled batch: so many of its bets are stored. This need not
  /// be durable, because a batch whose outcome was lost is sent again and answered as before.
  [[nodiscard]] std::optional<std::string> settle(std::uint64_t sequence,
                                                  std::uint64_t stored_bets) override;

 private:
  Outbox(const OutboxOptions& options, OutboxDisk& disk);

  std::optional<std::string> start();
  std::optional<std::string> lock();
  std::optional<std::string> read();
  std::optional<std::string> read_records();
  std::optional<std::string> make_durable();
  std::optional<std::string> write(const std::string& record);
  std::optional<std::string> fail(const char* what, const boost::system::error_code& error);
  OutboxPlace place() const noexcept;
  void mark();
  std::optional<std::string> rewrite_if_worthwhile();
  std::optional<std::string> rewrite();
  std::uint64_t unsettled_bytes() const noexcept;

  const OutboxOptions options_;
  OutboxDisk& disk_;
  const std::string new_path_;
  std::unique_ptr<OutboxFile> lock_;
  std::unique_ptr<OutboxFile> file_;
  OutboxHeader header_;
  OutboxState state_;
  std::uint64_t end_ = 0;         // where the next record goes
  std::uint64_t durable_ = 0;     // the file is known to be on the disk up to here
  std::uint64_t previous_ = 0;    // the checksum of the last record
  std::uint64_t rewrite_at_ = 0;  // settled bytes from which on rewriting is worth its while
  std::uint64_t torn_bytes_ = 0;
  bool is_marked_ = false;
  std::optional<std::string> failure_;  // why nothing more is written
};

}  // namespace sorteo::client
