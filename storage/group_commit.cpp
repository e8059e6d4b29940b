#include "storage/group_commit.hpp"

#include <new>
#include <utility>

namespace sorteo {

GroupCommit::GroupCommit(std::unique_ptr<LogWriter> writer, StoreRules rules,
                         GroupCommitOptions options, Log& log)
    : options_(std::move(options)),
      log_(log),
      writer_(std::move(writer)),
      rules_(std::move(rules)),
      committed_end_(writer_->end()) {
  if (options_.own_thread) {
    thread_ = std::thread([this] { run(); });
  }
}

GroupCommit::~GroupCommit() {
  // A failure has been logged, and there is nobody left to tell.
  static_cast<void>(close());
}

void GroupCommit::append(const Batch& batch, Completion done) {
  submit([&](Completion& completion) { return take_batch(batch, completion); }, std::move(done));
}

void GroupCommit::record_finish(std::uint32_t agency, Completion done) {
  submit([&](Completion& completion) { return take_finish(agency, completion); }, std::move(done));
}

void GroupCommit::record_draw(std::uint32_t winning_number, Completion done) {
  submit([&](Completion& completion) { return take_draw(winning_number, completion); },
         std::move(done));
}

std::optional<StoreFailure> GroupCommit::close() {
  const std::lock_guard close_lock(close_mutex_);
  if (is_closed_) {
    return std::nullopt;
  }
  is_closed_ = true;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  }
  while (pump()) {
  }
  auto failure = writer_->close();
  report_failure();
  return failure;
}

std::uint64_t GroupCommit::committed_end() const {
  const std::lock_guard lock(mutex_);
  return committed_end_;
}

template <typename Take>
void GroupCommit::submit(Take take, Completion done) {
  Answer answer;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    const bool was_empty = waiting_.empty();
    try {
      answer = take(done);
    } catch (const std::bad_alloc&) {
      answer = StoreError::kBusy;
    }
    first = was_empty && !waiting_.empty();
  }
  if (first) {
    wake_.notify_one();
  }
  if (answer) {
    done(*answer);
  }
}

GroupCommit::Answer GroupCommit::take_batch(const Batch& batch, Completion& done) {
  if (const auto refused = refusal(0)) {
    return refused;
  }
  if (const auto error = rules_.check(batch)) {
    return error;
  }
  if (batch.size() == 0) {
    return boost::system::error_code();
  }
  if (const auto busy = refusal(batch_record_size(batch))) {
    return busy;
  }
  waiting_.make_room(batch_record_size(batch));
  waiting_.add_batch(batch, std::move(done));
  return std::nullopt;
}

GroupCommit::Answer GroupCommit::take_finish(std::uint32_t agency, Completion& done) {
  if (const auto refused = refusal(kNumberRecordBytes)) {
    return refused;
  }
  waiting_.make_room(kNumberRecordBytes);
  switch (rules_.finish(agency)) {
    case StoreRules::Verdict::kRecord:
      waiting_.add_finish(agency, std::move(done));
      return std::nullopt;
    case StoreRules::Verdict::kWait:
      rules_.wait_for_finish(agency, done);
      return std::nullopt;
    case StoreRules::Verdict::kSettled:
      break;
  }
  return boost::system::error_code();
}

GroupCommit::Answer GroupCommit::take_draw(std::uint32_t winning_number, Completion& done) {
  if (const auto refused = refusal(kNumberRecordBytes)) {
    return refused;
  }
  waiting_.make_room(kNumberRecordBytes);
  const auto verdict = rules_.hold_draw(winning_number);
  if (verdict.has_error()) {
    return verdict.error();
  }
  switch (*verdict) {
    case StoreRules::Verdict::kRecord:
      waiting_.add_draw(winning_number, std::move(done));
      return std::nullopt;
    case StoreRules::Verdict::kWait:
      rules_.wait_for_draw(done);
      return std::nullopt;
    case StoreRules::Verdict::kSettled:
      break;
  }
  return boost::system::error_code();
}

// Why nothing is taken now, or not `bytes` more. One change always fits in an empty group.
GroupCommit::Answer GroupCommit::refusal(std::size_t bytes) const {
  if (closing_) {
    return StoreError::kClosed;
  }
  if (failed_) {
    return StoreError::kFailed;
  }
  if (!waiting_.empty() && waiting_.bytes() + bytes > options_.max_waiting_bytes) {
    return StoreError::kBusy;
  }
  return std::nullopt;
}

void GroupCommit::run() {
  while (next_group(group_)) {
    commit(group_);
  }
}

bool GroupCommit::pump() {
  {
    const std::lock_guard lock(mutex_);
    group_.swap(waiting_);
  }
  if (group_.empty()) {
    sync_due_ = {};
    sync_if_due();
    return false;
  }
  commit(group_);
  return true;
}

void GroupCommit::commit(CommitGroup& group) {
  const bool was_durable = writer_->is_durable();
  const auto outcome = writer_->commit(group.records());
  settle(group, outcome);
  report_room(outcome != StoreError::kFull);
  for (Completion& done : group.completions()) {
    done(outcome);
  }
  group.clear();
  report_failure();
  if (options_.sync_interval && was_durable) {
    sync_due_ = Clock::now() + *options_.sync_interval;
  }
  if (options_.own_thread) {
    sync_if_due();
  }
}

// What was acknowledged does not stay unsynced for longer than was promised.
void GroupCommit::sync_if_due() {
  if (options_.sync_interval && !writer_->is_durable() && sync_due_ <= Clock::now()) {
    const bool failed = static_cast<bool>(writer_->sync());
    if (failed) {
      const std::lock_guard lock(mutex_);
      failed_ = true;
    }
    report_failure();
  }
}

// Waits for changes. False when there are none left and the store is closing.
bool GroupCommit::next_group(CommitGroup& group) {
  std::unique_lock lock(mutex_);
  wait_for_work(lock);
  group.swap(waiting_);
  return !group.empty();
}

// Uses quiet times to sync, and to write a mark.
void GroupCommit::wait_for_work(std::unique_lock<std::mutex>& lock) {
  const auto has_work = [this] { return closing_ || !waiting_.empty(); };
  if (options_.sync_interval && !writer_->is_durable() &&
      !wake_.wait_until(lock, sync_due_, has_work)) {
    lock.unlock();
    sync_if_due();
    lock.lock();
  }
  if (options_.idle_mark.count() > 0 && !wake_.wait_for(lock, options_.idle_mark, has_work)) {
    lock.unlock();
    writer_->mark();
    report_failure();
    lock.lock();
  }
  wake_.wait(lock, has_work);
}

void GroupCommit::settle(CommitGroup& group, boost::system::error_code outcome) {
  const std::lock_guard lock(mutex_);
  for (const std::uint32_t agency : group.finished()) {
    rules_.settle_finish(agency, !outcome, group.completions());
  }
  if (group.holds_draw()) {
    rules_.settle_draw(!outcome, group.completions());
  }
  committed_end_ = writer_->end();
  failed_ = failed_ || outcome == StoreError::kFailed;
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
