#include "client_sdk/outbox.hpp"

#include <algorithm>
#include <boost/system/errc.hpp>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>

#include "client_sdk/outbox_image.hpp"
#include "client_sdk/outbox_io.hpp"
#include "client_sdk/outbox_reader.hpp"
#include "client_sdk/posix_outbox_disk.hpp"
#include "client_sdk/random_session.hpp"

namespace sorteo::client {
namespace {

using boost::system::error_code;
using boost::system::result;
namespace errc = boost::system::errc;

std::string failed_to(const std::string& path, const char* what, const error_code& error) {
  return path + ": cannot " + what + ": " + error.message();
}

// A link leads to one file under every name that it has, and so do its lock and what replaces it.
std::string resolved(const std::string& path) {
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  return error ? path : real.string();
}

}  // namespace

result<std::unique_ptr<Outbox>, std::string> Outbox::open(const OutboxOptions& options) {
  static PosixOutboxDisk disk;
  OutboxOptions at = options;
  at.path = resolved(options.path);
  return open(at, disk);
}

result<std::unique_ptr<Outbox>, std::string> Outbox::open(const OutboxOptions& options,
                                                          OutboxDisk& disk) {
  std::unique_ptr<Outbox> outbox(new Outbox(options, disk));
  if (auto failure = outbox->start()) {
    outbox->failure_ = failure;  // so that nothing is written when it goes
    return std::move(*failure);
  }
  return outbox;
}

Outbox::Outbox(const OutboxOptions& options, OutboxDisk& disk)
    : options_(options),
      disk_(disk),
      new_path_(options.path + ".new"),
      rewrite_at_(options.rewrite_bytes) {}

// On an orderly end, a mark tells later readers that what stands before it was on the disk.
Outbox::~Outbox() {
  if (!file_ || failure_ || is_marked_) {
    return;
  }
  if (end_ != durable_) {
    if (file_->sync_data()) {
      return;
    }
    durable_ = end_;
  }
  mark();
}

std::vector<OutboxBatch> Outbox::unsettled() const {
  return {state_.unsettled.begin(), state_.unsettled.end()};
}

std::optional<std::string> Outbox::append(const OutboxBatch& batch) {
  if (failure_) {
    return failure_;
  }
  if (!state_.is_next(batch)) {
    return options_.path + ": batch " + std::to_string(batch.sequence) + ", from bet " +
           std::to_string(batch.first_bet) + " on, does not follow batch " +
           std::to_string(state_.last_sequence) + " and bet " + std::to_string(state_.bets_taken);
  }
  if (batch.packets.size() > kMaxOutboxPackets) {
    return options_.path + ": a batch of " + std::to_string(batch.packets.size()) +
           " bytes is longer than an outbox holds (" + std::to_string(kMaxOutboxPackets) + ")";
  }
  if (auto failure = write(batch_record(place(), batch))) {
    return failure;
  }
  if (options_.sync) {
    if (const auto error = file_->sync_data()) {
      return fail("be made durable", error);
    }
    durable_ = end_;
  }
  state_.take(batch);
  return std::nullopt;
}

std::optional<std::string> Outbox::settle(std::uint64_t sequence, std::uint64_t stored_bets) {
  if (failure_) {
    return failure_;
  }
  if (!state_.is_next_to_settle(sequence, stored_bets)) {
    return options_.path + ": " + std::to_string(stored_bets) + " bets of batch " +
           std::to_string(sequence) + " cannot be settled: the last one settled is " +
           std::to_string(state_.settled) + ", of " + std::to_string(state_.last_sequence);
  }
  if (auto failure = write(settled_record(place(), sequence, stored_bets))) {
    return failure;
  }
  state_.settle(stored_bets);
  return rewrite_if_worthwhile();
}

std::optional<std::string> Outbox::start() {
  if (auto failure = lock()) {
    return failure;
  }
  auto file = disk_.open(options_.path, OutboxDisk::Open::kExisting);
  if (file.has_error() && file.error() != errc::no_such_file_or_directory) {
    return failed_to(options_.path, "be opened", file.error());
  }
  if (file.has_value()) {
    file_ = std::move(*file);
    return read();
  }
  header_.agency = options_.agency;
  header_.source = options_.source;
  try {
    header_.session = options_.session ? *options_.session : random_session();
  } catch (const std::exception& error) {
    return options_.path + ": the system gives no random numbers: " + error.what();
  }
  state_.session = header_.session;
  return rewrite();
}

std::optional<std::string> Outbox::lock() {
  auto lock = disk_.open_locked(options_.path + ".lock");
  if (lock.has_value()) {
    lock_ = std::move(*lock);
    return std::nullopt;
  }
  if (lock.error() == errc::resource_unavailable_try_again) {
    return options_.path + ": is in use by another program, or twice by this one";
  }
  return failed_to(options_.path + ".lock", "be opened and locked", lock.error());
}

std::optional<std::string> Outbox::read() {
  // After a sync that failed, the system's memory may show bytes that are not on the disk.
  file_->drop_cache();
  auto header = read_outbox_header(*file_, options_.path);
  if (header.has_error()) {
    return std::move(header).error();
  }
  if (header->agency != options_.agency) {
    return options_.path + ": is the outbox of agency " + std::to_string(header->agency) +
           ", not of agency " + std::to_string(options_.agency) +
           ". Each agency needs an outbox of its own";
  }
  if (header->source != options_.source) {
    return options_.path +
           ": holds bets of another source. To go on with them, give that source; "
           "for other bets, use another outbox";
  }
  header_ = *header;
  if (auto failure = read_records()) {
    return failure;
  }
  if (auto failure = make_durable()) {
    return failure;
  }
  if (auto failure = rewrite_if_worthwhile()) {
    return failure;
  }
  if (!is_marked_) {
    mark();
  }
  return failure_;
}

std::optional<std::string> Outbox::read_records() {
  auto content = read_outbox(*file_, options_.path, header_);
  if (content.has_error()) {
    return std::move(content).error();
  }
  state_ = std::move(content->state);
  end_ = content->end;
  previous_ = content->previous;
  torn_bytes_ = content->torn;
  is_marked_ = content->is_marked;
  return std::nullopt;
}

// What was read may have been in the system's memory alone, the file's name too; later records will
// say that it is durable.
std::optional<std::string> Outbox::make_durable() {
  if (torn_bytes_ > 0) {
    if (const auto error = file_->truncate(end_)) {
      return fail("have its torn end cut off", error);
    }
  }
  if (const auto error = file_->sync()) {
    return fail("be made durable", error);
  }
  if (const auto error = disk_.sync_folder_of(options_.path)) {
    return fail("have its name made durable", error);
  }
  static_cast<void>(disk_.remove(new_path_));  // what a crash may have left of a rewriting
  durable_ = end_;
  return std::nullopt;
}

OutboxPlace Outbox::place() const noexcept { return {header_.checksum, end_, durable_, previous_}; }

std::optional<std::string> Outbox::write(const std::string& record) {
  if (const auto error = write_fully(*file_, as_bytes(record), end_)) {
    return fail("be written", error);
  }
  end_ += record.size();
  previous_ = checksum_in(as_bytes(record));
  is_marked_ = false;
  return std::nullopt;
}

std::optional<std::string> Outbox::fail(const char* what, const error_code& error) {
  failure_ = failed_to(options_.path, what, error) +
             ". Nothing more is taken in this run; the next one finds out what it holds";
  return failure_;
}

// A mark that cannot be written is missed by nobody but a reader who looks for damage; the failure
// says that nothing more is written.
void Outbox::mark() {
  if (!write(mark_record(place()))) {
    is_marked_ = true;
  }
}

std::uint64_t Outbox::unsettled_bytes() const noexcept {
  std::uint64_t bytes = 0;
  for (const OutboxBatch& batch : state_.unsettled) {
    bytes += batch_record_size(batch);
  }
  return bytes;
}

std::optional<std::string> Outbox::rewrite_if_worthwhile() {
  const std::uint64_t records = end_ - kOutboxHeaderBytes;
  if (records < rewrite_at_) {
    return std::nullopt;
  }
  const std::uint64_t needed = unsettled_bytes();
  const std::uint64_t spare = records - std::min(records, needed);
  return spare >= rewrite_at_ && spare > needed ? rewrite() : std::nullopt;
}

// Puts a file in the place of this one that holds the same without the settled batches. Up to the
// rename a failure is none of a rewriting: the file is whole, and is only longer than it need be.
std::optional<std::string> Outbox::rewrite() {
  OutboxHeader header = header_;
  const bool is_first = !file_;
  header.generation += is_first ? 0 : 1;
  header.settled = state_.settled;
  header.settled_bets = state_.settled_bets;
  header.bets_taken =
      state_.unsettled.empty() ? state_.bets_taken : state_.unsettled.front().first_bet - 1;
  auto file = disk_.open(new_path_, OutboxDisk::Open::kEmpty);
  const auto end = file.has_error() ? result<OutboxEnd>(file.error())
                                    : write_outbox_image(**file, header, state_.unsettled);
  if (end.has_error()) {
    static_cast<void>(disk_.remove(new_path_));
    if (is_first) {
      return failed_to(new_path_, "be made", end.error());
    }
    rewrite_at_ *= 2;
    return std::nullopt;
  }
  // From here on nobody knows which of the two files a crash leaves under the name, unless both
  // calls succeed.
  if (const auto renaming = disk_.rename(new_path_, options_.path)) {
    return fail("be put in its place", renaming);
  }
  if (const auto syncing = disk_.sync_folder_of(options_.path)) {
    return fail("have its name made durable", syncing);
  }
  header_ = header;
  file_ = std::move(*file);
  end_ = durable_ = end->offset;
  previous_ = end->previous;
  is_marked_ = true;
  rewrite_at_ = options_.rewrite_bytes;
  return std::nullopt;
}

}  // namespace sorteo::client
