#include "tests/storage/attacks/store_driver.hpp"

#include <algorithm>

#include "tests/storage/test_bets.hpp"

namespace sorteo::test {
namespace {

using Kind = StoreEntry::Kind;

FileStoreOptions in_one_thread(FileStoreOptions options) {
  options.own_thread = false;
  return options;
}

std::string name_of(const SenderKey& sender, std::uint64_t sequence) {
  return "batch " + std::to_string(sequence) + " of sender " + std::to_string(sender.agency) + "/" +
         to_hex(sender.session).substr(0, 4);
}

// Whether it says that the change is not stored, and may be asked for again.
bool is_not_now(boost::system::error_code error) {
  return error == StoreError::kFull || error == StoreError::kBusy || error == StoreError::kClosed;
}

// The same in every store.
WinnersByAgency winners() { return {{1, {30904465, 34407251}}, {2, {}}, {3, {17}}}; }

}  // namespace

StoreDriver::StoreDriver(SimulatedDisk& disk, FileStoreOptions options)
    : disk_(disk), options_(in_one_thread(std::move(options))) {}

StoreDriver::~StoreDriver() { end_life(); }

void StoreDriver::adopt(StoreHistory history) {
  history_ = std::move(history);
  has_kept_winners_ = false;
  sent_.clear();
  for (std::size_t index = 0; index < history_.size(); ++index) {
    const StoreEntry& entry = history_.entry(index);
    if (entry.is_identified()) {
      sent_[entry.sender()].push_back({entry.names, entry.kind == Kind::kRefusedOnce});
    }
  }
}

std::optional<StoreFailure> StoreDriver::open() {
  end_life();
  FileStoreOptions options = options_;
  options.on_failed = [this] {
    if (std::exchange(has_failed_, true)) {
      complain("on_failed was called twice");
    }
  };
  auto opened = FileBetStore::open(std::move(options), log_, disk_.files());
  if (opened.has_error()) {
    if (opened.error().code == StoreError::kDamaged) {
      complain(opened.error().message);
    }
    return std::move(opened).error();
  }
  store_ = std::move(*opened);
  const auto found = contents_of(*store_, history_.senders());
  if (found.has_error() && !found.error().code) {
    complain(found.error().message);
  }
  if (found.has_error()) {
    return found.error();
  }
  if (disk_.was_killed()) {
    return std::nullopt;
  }
  if (const auto fault = history_.settle(*found, power_was_cut_)) {
    complain(*fault);
  }
  power_was_cut_ = false;
  check_start(store_->recovered());
  return std::nullopt;
}

void StoreDriver::check_start(const StoreState& recovered) {
  has_kept_winners_ = has_kept_winners_ && history_.draw();
  if (recovered.winners && recovered.winners != winners()) {
    complain("the store has winners that nobody gave it");
  }
  if (!recovered.winners && has_kept_winners_) {
    complain("the store has lost its winners");
  }
}

std::optional<StoreFailure> StoreDriver::close() {
  auto failure = store_->close();
  if (!failure && !disk_.was_killed() && !has_failed_) {
    history_.harden();
  }
  check_answered();
  end_life();
  return failure;
}

void StoreDriver::crash() {
  ++life_;
  disk_.crash();
  end_life();
}

void StoreDriver::cut_power() {
  ++life_;
  disk_.cut_power();
  power_was_cut_ = true;
  end_life();
}

void StoreDriver::end_life() {
  store_.reset();
  ++life_;
  questions_.clear();
  // Where an acknowledgement does not wait for the disk, what the disk then fails to take is lost.
  power_was_cut_ = power_was_cut_ || (has_failed_ && options_.durability != Durability::kFsync);
  has_failed_ = false;
}

void StoreDriver::check_answered() {
  if (disk_.was_killed()) {
    return;
  }
  for (const Question& question : questions_) {
    if (!question.is_answered) {
      complain(question.text + " was never answered");
    }
  }
}

void StoreDriver::complain(const std::string& what) { wrong_.push_back(what); }

std::string StoreDriver::complaints() const {
  std::string text;
  for (const std::string& what : wrong_) {
    text += what + "\n";
  }
  return text;
}

std::size_t StoreDriver::question(std::optional<StoreEntry> entry, std::vector<StoreError> expected,
                                  std::string text) {
  Question question;
  question.expected = std::move(expected);
  question.text = std::move(text);
  question.life = life_;
  if (entry && question.expected.empty()) {
    question.id = history_.ask(std::move(*entry));
  }
  questions_.push_back(std::move(question));
  return questions_.size() - 1;
}

// Whether the answer counts, and says that it was done.
bool StoreDriver::answer(std::size_t index, boost::system::error_code error) {
  if (index >= questions_.size() || questions_[index].life != life_ || disk_.was_killed()) {
    return false;  // nobody is there any more to hear it
  }
  Question& question = questions_[index];
  if (std::exchange(question.is_answered, true)) {
    complain(question.text + " was answered twice");
  }
  const auto is_answer = [error](StoreError expected) { return error == expected; };
  const bool is_expected =
      std::any_of(question.expected.begin(), question.expected.end(), is_answer);
  if (!error && question.id) {
    history_.acknowledge(*question.id, options_.durability == Durability::kFsync);
  }
  if (is_not_now(error) && question.id) {
    history_.refuse(*question.id);
  }
  const bool may_be = is_not_now(error) || error == StoreError::kFailed || is_expected ||
                      (!error && question.expected.empty());
  if (!may_be) {
    complain(question.text + " was answered: " + (error ? error.message() : "done"));
  }
  return !error;
}

// Why nothing new of `agency` may be stored.
std::vector<StoreError> StoreDriver::closed_to(std::uint32_t agency) const {
  std::vector<StoreError> errors;
  if (history_.has_finished(agency)) {
    errors.push_back(StoreError::kAgencyFinished);
  }
  if (history_.draw()) {
    errors.push_back(StoreError::kDrawHeld);
  }
  return errors;
}

void StoreDriver::append(std::uint32_t agency, const std::vector<std::string>& names) {
  const std::size_t index = question(StoreEntry{Kind::kBatch, agency, names}, closed_to(agency),
                                     "batch " + names.front());
  store_->append(TestBatch(agency, names).view(),
                 [this, index](boost::system::error_code error) { answer(index, error); });
}

void StoreDriver::append_once(const SenderKey& sender, const std::vector<std::string>& names) {
  sent_[sender].push_back({names});
  submit_once(sender, sent_[sender].size(), sent_[sender].back());
}

void StoreDriver::append_refused(const SenderKey& sender) {
  sent_[sender].push_back({{"no bets, " + std::to_string(sent_[sender].size())}, true});
  submit_once(sender, sent_[sender].size(), sent_[sender].back());
}

void StoreDriver::resend(const SenderKey& sender, std::uint64_t sequence) {
  submit_once(sender, sequence, sent_[sender].at(sequence - 1));
}

void StoreDriver::submit_once(const SenderKey& sender, std::uint64_t sequence, const Sent& sent) {
  const StoreEntry entry{sent.is_refused ? Kind::kRefusedOnce : Kind::kOnce, sender.agency,
                         sent.names, sender.session, sequence};
  Receipt expected{sent.is_refused ? BatchOutcome::kRefused : BatchOutcome::kStored, false,
                   sent.is_refused ? 0 : static_cast<std::uint32_t>(entry.names.size()), sequence};
  std::vector<StoreError> errors;
  const StoreEntry* const known = history_.find(sender, sequence);
  if (known != nullptr) {
    expected.is_duplicate = true;
    if (known->names != entry.names || known->kind != entry.kind) {
      errors = {StoreError::kConflict};
    }
  } else {
    errors = closed_to(sender.agency);
    if (sequence != history_.last_sequence(sender) + 1) {
      errors.push_back(StoreError::kSequenceGap);
    }
  }
  const std::size_t index = question(known == nullptr ? std::optional(entry) : std::nullopt,
                                     std::move(errors), name_of(sender, sequence));
  const TestBatch batch(sender.agency, entry.names);
  store_->append_once(
      {sender.session, sequence, sender.agency,
       sent.is_refused ? as_bytes(sent.names.front()) : batch.view().packets(),
       sent.is_refused ? std::nullopt : std::optional(expected.bets)},
      [this, index, expected](boost::system::error_code error, const Receipt& receipt) {
        check_receipt(index, expected, error, receipt);
      });
}

void StoreDriver::check_receipt(std::size_t index, const Receipt& expected,
                                boost::system::error_code error, const Receipt& receipt) {
  if (!answer(index, error)) {
    return;
  }
  if (receipt.outcome != expected.outcome || receipt.is_duplicate != expected.is_duplicate ||
      receipt.bets != expected.bets || receipt.durable < expected.durable) {
    complain("the receipt of " + questions_[index].text + " is wrong: outcome " +
             std::to_string(static_cast<int>(receipt.outcome)) +
             (receipt.is_duplicate ? ", duplicate, " : ", new, ") + std::to_string(receipt.bets) +
             " bets, durable up to " + std::to_string(receipt.durable));
  }
}

void StoreDriver::resend_all() {
  for (const auto& [sender, batches] : sent_) {
    for (std::size_t sequence = 1; sequence <= batches.size(); ++sequence) {
      submit_once(sender, sequence, batches[sequence - 1]);
      pump_all();
    }
    const std::uint64_t last = history_.last_sequence(sender);
    if (last > 0) {
      submit_once(sender, last, {{"Another"}});
    }
    submit_once(sender, last + 2, {{"Early"}});
    pump_all();
  }
}

void StoreDriver::finish(std::uint32_t agency) { submit_finish(agency, std::nullopt); }

void StoreDriver::counted_finish(std::uint32_t agency, std::uint64_t error) {
  submit_finish(agency, history_.bets_of(agency) + error);
}

void StoreDriver::submit_finish(std::uint32_t agency, std::optional<std::uint64_t> bets) {
  const std::uint64_t stored = history_.bets_of(agency);
  const bool is_new = !history_.has_finished(agency);
  const std::size_t index = question(
      is_new ? std::optional(StoreEntry{Kind::kFinish, agency}) : std::nullopt,
      bets.value_or(stored) == stored ? std::vector<StoreError>()
                                      : std::vector<StoreError>{StoreError::kCountMismatch},
      "finish of " + std::to_string(agency));
  if (!bets) {
    store_->record_finish(agency,
                          [this, index](boost::system::error_code error) { answer(index, error); });
    return;
  }
  store_->record_counted_finish(
      agency, *bets, [this, index, stored](boost::system::error_code error, std::uint64_t count) {
        const bool is_heard = !disk_.was_killed() && questions_[index].life == life_;
        const bool counts = answer(index, error) || error == StoreError::kCountMismatch;
        if (is_heard && counts && count != stored) {
          complain("a finish was told of " + std::to_string(count) + " bets, not of " +
                   std::to_string(stored));
        }
      });
}

void StoreDriver::hold_draw(std::uint32_t number) {
  const auto held = history_.draw();
  const std::size_t index =
      question(held ? std::nullopt : std::optional(StoreEntry{Kind::kDraw, 0, {}, {}, 0, number}),
               held.value_or(number) == number ? std::vector<StoreError>()
                                               : std::vector<StoreError>{StoreError::kDrawHeld},
               "draw of " + std::to_string(number));
  store_->record_draw(number,
                      [this, index](boost::system::error_code error) { answer(index, error); });
}

void StoreDriver::keep_winners() {
  // That it fails costs nothing but time; but then it must say so.
  if (history_.draw() && !store_->keep_winners(winners()) && !disk_.was_killed()) {
    has_kept_winners_ = true;
  }
}

bool StoreDriver::pump() {
  if (store_->pump()) {
    return true;
  }
  if (options_.durability == Durability::kInterval && !has_failed_ && !disk_.was_killed()) {
    history_.harden();
  }
  return false;
}

void StoreDriver::pump_all() {
  while (pump()) {
  }
}

std::uint64_t StoreDriver::sent(const SenderKey& sender) const {
  const auto found = sent_.find(sender);
  return found == sent_.end() ? 0 : found->second.size();
}

}  // namespace sorteo::test
