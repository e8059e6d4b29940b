#include "storage/group_commit.hpp"

#include <new>
#include <utility>

namespace sorteo {

GroupCommit::GroupCommit(std::unique_ptr<LogWriter> writer, StoreRules rules, BatchFinder finder,
                         GroupCommitOptions options, Log& log)
    : options_(std::move(options)),
      log_(log),
      writer_(std::move(writer)),
      finder_(std::move(finder)),
      rules_(std::move(rules)),
      committed_{writer_->end(), writer_->segment().number} {
  if (options_.own_thread) {
    thread_ = std::thread([this] { run(); });
  }
}

GroupCommit::~GroupCommit() {
  // A failure has been logged, and there is nobody left to tell.
  static_cast<void>(close());
}

void GroupCommit::append(const Batch& batch, Completion done) {
  submit([&](Change& change) { return take_batch(batch, change); }, std::move(done));
}

void GroupCommit::append_once(const IdentifiedBatch& batch, BetStore::ReceiptCompletion done) {
  submit([&](Change& change) { return take_once(batch, change); }, std::move(done));
}

SessionState GroupCommit::session(std::uint32_t agency, const SessionId& session) const {
  const std::lock_guard lock(mutex_);
  return rules_.state_of(agency, session);
}

void GroupCommit::record_finish(std::uint32_t agency, Completion done) {
  submit([&](Change& change) { return take_finish(agency, std::nullopt, change); },
         std::move(done));
}

void GroupCommit::record_counted_finish(std::uint32_t agency, std::uint64_t bets,
                                        BetStore::CountCompletion done) {
  submit([&](Change& change) { return take_finish(agency, bets, change); }, std::move(done));
}

void GroupCommit::record_draw(std::uint32_t winning_number, Completion done) {
  submit([&](Change& change) { return take_draw(winning_number, change); }, std::move(done));
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

GroupCommit::Committed GroupCommit::committed() const {
  const std::lock_guard lock(mutex_);
  return committed_;
}

std::optional<Ledger::Draw> GroupCommit::draw() const {
  const std::lock_guard lock(mutex_);
  return rules_.ledger().draw;
}

void GroupCommit::tell(Change::Done& done, const Answer& answer) {
  if (auto* const plain = std::get_if<BetStore::Completion>(&done)) {
    (*plain)(answer.error);
  } else if (auto* const once = std::get_if<BetStore::ReceiptCompletion>(&done)) {
    (*once)(answer.error, answer.receipt);
  } else {
    std::get<BetStore::CountCompletion>(done)(answer.error, answer.bets);
  }
}

template <typename Take>
void GroupCommit::submit(Take take, Change::Done done) {
  Refusal answer;
  Change change;
  change.done = std::move(done);
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    const bool was_empty = waiting_.empty();
    try {
      answer = take(change);
    } catch (const std::bad_alloc&) {
      answer = Answer{StoreError::kBusy};
    }
    first = was_empty && !waiting_.empty();
  }
  if (first) {
    wake_.notify_one();
  }
  if (answer) {
    tell(change.done, *answer);
  }
}

GroupCommit::Refusal GroupCommit::take_batch(const Batch& batch, Change& change) {
  if (const auto refused = refusal(0)) {
    return Answer{*refused};
  }
  if (const auto error = rules_.check(batch)) {
    return Answer{error};
  }
  if (batch.size() == 0) {
    return Answer{};
  }
  if (const auto busy = refusal(batch_record_size(batch))) {
    return Answer{*busy};
  }
  waiting_.make_room(batch_record_size(batch));
  change.agency = &rules_.accept(batch.agency(), batch.size());
  waiting_.add_batch(batch, std::move(change));
  return std::nullopt;
}

GroupCommit::Refusal GroupCommit::take_once(const IdentifiedBatch& batch, Change& change) {
  Answer answer;
  answer.receipt.durable = rules_.durable(batch.agency, batch.session);
  const auto refuse = [&answer](boost::system::error_code error) {
    answer.error = error;
    return answer;
  };
  if (const auto refused = refusal(0)) {
    return refuse(*refused);
  }
  const auto arrival = rules_.arrival(batch);
  if (arrival.has_error()) {
    return refuse(arrival.error());
  }
  const bool is_duplicate = *arrival == StoreRules::Arrival::kAgain;
  const std::size_t bytes = is_duplicate ? batch.content.size() : identified_record_size(batch);
  if (const auto busy = refusal(bytes)) {
    return refuse(*busy);
  }
  if (is_duplicate) {
    waiting_.make_room(0, bytes);
    change.session = &rules_.session_of(batch);
    waiting_.add_duplicate(batch, std::move(change));
    return std::nullopt;
  }
  waiting_.make_room(bytes);
  change.agency = &rules_.accept(batch.agency, 0);
  change.session = &rules_.accept(batch);
  waiting_.add_identified(batch, std::move(change));
  return std::nullopt;
}

GroupCommit::Refusal GroupCommit::take_finish(std::uint32_t agency,
                                              std::optional<std::uint64_t> bets, Change& change) {
  const std::uint64_t accepted = rules_.accepted_bets(agency);
  if (const auto refused = refusal(kFinishRecordBytes)) {
    return Answer{*refused, {}, rules_.settled_bets(agency)};
  }
  waiting_.make_room(kFinishRecordBytes);
  change.number = agency;
  change.bets = accepted;
  if (bets && *bets != accepted) {
    // The number holds only if what is on its way arrives.
    change.kind = Change::Kind::kMismatch;
    change.agency = &rules_.accept(agency, 0);
    waiting_.add(std::move(change));
    return std::nullopt;
  }
  const auto verdict = rules_.finish(agency);
  change.agency = &rules_.accept(agency, 0);
  switch (verdict) {
    case StoreRules::Verdict::kRecord:
      waiting_.add_finish(std::move(change));
      return std::nullopt;
    case StoreRules::Verdict::kWait:
      change.kind = Change::Kind::kAgain;
      waiting_.add(std::move(change));
      return std::nullopt;
    case StoreRules::Verdict::kSettled:
      break;
  }
  return Answer{{}, {}, accepted};
}

GroupCommit::Refusal GroupCommit::take_draw(std::uint32_t winning_number, Change& change) {
  if (const auto refused = refusal(kDrawRecordBytes)) {
    return Answer{*refused};
  }
  waiting_.make_room(kDrawRecordBytes);
  const auto verdict = rules_.hold_draw(winning_number);
  if (verdict.has_error()) {
    return Answer{verdict.error()};
  }
  change.number = winning_number;
  switch (*verdict) {
    case StoreRules::Verdict::kRecord:
      waiting_.add_draw(std::move(change));
      return std::nullopt;
    case StoreRules::Verdict::kWait:
      change.kind = Change::Kind::kAgain;
      waiting_.add(std::move(change));
      return std::nullopt;
    case StoreRules::Verdict::kSettled:
      break;
  }
  return Answer{};
}

// Why nothing is taken now, or not `bytes` more. One change always fits in an empty group.
std::optional<boost::system::error_code> GroupCommit::refusal(std::size_t bytes) const {
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
    sync_if_due(sync_due_ && *sync_due_ <= Clock::now());
  }
}

bool GroupCommit::pump() {
  {
    const std::lock_guard lock(mutex_);
    take_waiting(group_);
  }
  if (group_.empty()) {
    sync_if_due(sync_due_.has_value());
    return false;
  }
  commit(group_);
  return true;
}

// Takes what waits, with the mutex held. What comes from now on will be written behind it.
void GroupCommit::take_waiting(CommitGroup& group) noexcept {
  group.swap(waiting_);
  waiting_.begin_at(writer_->phase_behind(group.records().size()));
}

// Waits for changes. False when there are none left and the store is closing.
bool GroupCommit::next_group(CommitGroup& group) {
  std::unique_lock lock(mutex_);
  wait_for_work(lock);
  take_waiting(group);
  return !group.empty();
}

void GroupCommit::wait_for_work(std::unique_lock<std::mutex>& lock) {
  const auto has_work = [this] { return closing_ || !waiting_.empty(); };
  if (sync_due_ && !wake_.wait_until(lock, *sync_due_, has_work)) {
    lock.unlock();
    sync_if_due(true);
    lock.lock();
  }
  wake_.wait(lock, has_work);
}

// What was acknowledged does not stay unsynced for longer than was promised.
void GroupCommit::sync_if_due(bool is_due) {
  if (!is_due) {
    return;
  }
  sync_due_.reset();
  if (const auto error = writer_->sync()) {
    give_up({}, error);
  }
}

}  // namespace sorteo
