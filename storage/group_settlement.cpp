// How a group comes to the disk, and what becomes of its changes: the writer's half of GroupCommit.

#include <exception>
#include <utility>

#include "storage/group_commit.hpp"

namespace sorteo {

// A group goes into the log as a whole where a segment has room for it, and in parts where not.
void GroupCommit::commit(CommitGroup& group) {
  std::span<Change> changes = group.changes();
  BlockBuffer& records = group.records();
  ByteView contents = group.contents();
  while (!changes.empty()) {
    Run run = fit(changes);
    boost::system::error_code error;
    if (run.changes.empty()) {
      error = writer_->roll(changes.front().record_bytes);
      run = fit(changes);
    }
    error = error ? error : commit(run, records);
    if (error) {
      give_up(changes, error);
      break;
    }
    report_room(true);
    for (Change& change : run.changes) {
      tell(change.done, answer_of(change, contents));
    }
    changes = changes.subspan(run.changes.size());
    records.drop_front(run.bytes);
  }
  group.clear();
  if (options_.sync_interval && !sync_due_ && !writer_->failure() && !writer_->is_durable()) {
    sync_due_ = Clock::now() + *options_.sync_interval;
  }
}

// The first of the changes, as many as the segment has room for.
GroupCommit::Run GroupCommit::fit(std::span<Change> changes) const noexcept {
  const std::uint64_t room = writer_->room();
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < changes.size() && bytes + changes[count].record_bytes <= room) {
    bytes += changes[count].record_bytes;
    ++count;
  }
  return {changes.first(count), bytes};
}

boost::system::error_code GroupCommit::commit(const Run& run, BlockBuffer& records) {
  if (run.bytes == 0) {
    // What these rest on has been committed before.
    const std::lock_guard lock(mutex_);
    settle(run);
    return writer_->failure() ? make_error_code(StoreError::kFailed) : boost::system::error_code();
  }
  const auto rolling_to = writer_->rolling_to();
  std::optional<std::string> checkpoint;
  if (rolling_to) {
    checkpoint = prepare_checkpoint(*rolling_to);
    if (!checkpoint) {
      // Out of memory: nothing is written yet.
      return StoreError::kBusy;
    }
  }
  seal(run, records);
  if (const auto error = writer_->commit(records, run.bytes)) {
    return error;
  }
  {
    const std::lock_guard lock(mutex_);
    if (rolling_to) {
      rules_.ledger().bases.push_back(rolling_to->base);
    }
    settle(run);
  }
  if (checkpoint && options_.on_checkpoint) {
    options_.on_checkpoint(std::move(*checkpoint));
  }
  return {};
}

// What all records before the segment that begins add up to, and room to remember the segment.
// Nothing when memory runs out.
std::optional<std::string> GroupCommit::prepare_checkpoint(const LogPosition& at) {
  const std::lock_guard lock(mutex_);
  Ledger& ledger = rules_.ledger();
  try {
    if (ledger.bases.size() == ledger.bases.capacity()) {
      ledger.bases.reserve(2 * ledger.bases.size() + 1);
    }
    return encode_checkpoint(writer_->segment().log_id, at, ledger);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

void GroupCommit::seal(const Run& run, BlockBuffer& records) noexcept {
  std::span<std::byte> rest = records.bytes().first(run.bytes);
  for (Change& change : run.changes) {
    if (change.record_bytes == 0) {
      continue;
    }
    const std::span<std::byte> record = rest.first(change.record_bytes);
    rest = rest.subspan(change.record_bytes);
    if (change.session != nullptr) {
      Ledger::Session& session = change.session->second;
      set_before(record, session.written);
      session.written = writer_->next_offset();
    }
    const auto place = writer_->seal(record);
    change.place = {change.number, place.offset, place.checksum};
  }
}

void GroupCommit::settle(const Run& run) noexcept {
  for (Change& change : run.changes) {
    settle(change);
    if (change.session != nullptr) {
      change.durable = change.session->second.durable;
    }
  }
  committed_ = {writer_->end(), writer_->segment().number};
}

void GroupCommit::settle(Change& change) noexcept {
  switch (change.kind) {
    case Change::Kind::kIdentifiedBatch:
    case Change::Kind::kRefusedBatch:
      rules_.settle_sequence(change.session->second, change.place.offset,
                             change.kind == Change::Kind::kRefusedBatch);
      [[fallthrough]];
    case Change::Kind::kBatch:
      rules_.settle_batch(*change.agency, static_cast<std::uint32_t>(change.bets));
      break;
    case Change::Kind::kFinish:
      rules_.settle_finish(change.number);
      break;
    case Change::Kind::kDraw:
      rules_.settle_draw(change.place);
      break;
    case Change::Kind::kAgain:
    case Change::Kind::kDuplicate:
    case Change::Kind::kMismatch:
      break;
  }
}

// `contents` begins with the content of the next duplicate.
GroupCommit::Answer GroupCommit::answer_of(const Change& change, ByteView& contents) {
  Answer answer;
  answer.bets = change.bets;
  answer.receipt.durable = change.durable;
  switch (change.kind) {
    case Change::Kind::kIdentifiedBatch:
      answer.receipt.bets = static_cast<std::uint32_t>(change.bets);
      break;
    case Change::Kind::kRefusedBatch:
      answer.receipt.outcome = BatchOutcome::kRefused;
      break;
    case Change::Kind::kDuplicate: {
      const ByteView content = contents.first(change.content_bytes);
      contents = contents.subspan(change.content_bytes);
      answer = look_up(change, content);
      break;
    }
    case Change::Kind::kMismatch:
      answer.error = StoreError::kCountMismatch;
      break;
    case Change::Kind::kBatch:
    case Change::Kind::kFinish:
    case Change::Kind::kDraw:
    case Change::Kind::kAgain:
      break;
  }
  return answer;
}

GroupCommit::Answer GroupCommit::look_up(const Change& change, ByteView content) {
  Answer answer;
  answer.receipt.durable = change.durable;
  const auto& [sender, session] = *change.session;
  Ledger::Session::Place from{};
  {
    // Who accepts batches may move the marks.
    const std::lock_guard lock(mutex_);
    from = session.nearest(change.sequence);
  }
  try {
    const auto found = finder_.find(rules_.ledger().bases, sender, change.sequence, from, content);
    if (found.has_error()) {
      write_line(log_, LogLevel::kError, [&] {
        return LogLine("store_read", "fail").with("error", found.error().message);
      });
      answer.error = StoreError::kFailed;
      return answer;
    }
    if (!found->is_same_content) {
      answer.error = StoreError::kConflict;
      return answer;
    }
    answer.receipt.is_duplicate = true;
    answer.receipt.outcome = found->outcome;
    answer.receipt.bets = found->bets;
  } catch (const std::exception&) {
    answer.error = StoreError::kBusy;
  }
  return answer;
}

// Answers these changes, and all that wait behind them: what they ask for may rest on these.
void GroupCommit::give_up(std::span<Change> changes, boost::system::error_code error) {
  {
    const std::lock_guard lock(mutex_);
    behind_.swap(waiting_);
    failed_ = failed_ || error == StoreError::kFailed;
    undo(changes);
    undo(behind_.changes());
    rules_.undo_draw();
    committed_ = {writer_->end(), writer_->segment().number};
  }
  if (error == StoreError::kFull) {
    report_room(false);
  }
  const auto answer = [error](Change& change) {
    tell(change.done, {error, {BatchOutcome::kStored, false, 0, change.durable}, change.bets});
  };
  for (Change& change : changes) {
    answer(change);
  }
  for (Change& change : behind_.changes()) {
    answer(change);
  }
  behind_.clear();
  report_failure();
}

void GroupCommit::undo(std::span<Change> changes) noexcept {
  for (Change& change : changes) {
    if (change.session != nullptr) {
      StoreRules::undo(change.session->second);
      change.durable = change.session->second.durable;
    }
    if (change.agency != nullptr) {
      StoreRules::undo(*change.agency);
      change.bets = change.agency->bets;
    }
  }
}

// Says once that the disk failed.
void GroupCommit::report_failure() {
  const auto& failure = writer_->failure();
  if (failure && !was_reported_) {
    was_reported_ = true;
    write_line(log_, LogLevel::kError,
               [&] { return LogLine("store_write", "fail").with("error", failure->message); });
    if (options_.on_failed) {
      options_.on_failed();
    }
  }
}

// Says in the log when the disk becomes full, and when it has room again.
void GroupCommit::report_room(bool has_room) {
  if (has_room == had_room_ || writer_->failure()) {
    return;
  }
  had_room_ = has_room;
  if (has_room) {
    write_line(log_, LogLevel::kInfo, [] { return LogLine("store_room", "success"); });
  } else {
    write_line(log_, LogLevel::kWarning, [] {
      return LogLine("store_room", "fail")
          .with("error", make_error_code(StoreError::kFull).message());
    });
  }
}

}  // namespace sorteo
