#include "tests/storage/attacks/damage_judge.hpp"

#include <algorithm>

#include "storage/stored_bets.hpp"

namespace sorteo::test {
namespace {

// So that the small segments of the samples are read ahead, by several blocks.
constexpr std::size_t kBlockReadAhead = 1024;

// The lock is no part of what is stored.
DiskImage without_lock(DiskImage image) {
  image.erase(std::string(kStore) + "/LOCK");
  return image;
}

// What is wrong with an error about damage: it has to be one, and to say where.
std::string fault_of(const StoreFailure& failure) {
  if (failure.code != StoreError::kDamaged) {
    return "not called damage, but: " + failure.code.message() + ": " + failure.message;
  }
  return failure.message.find(kStore) == std::string::npos ? "names no file: " + failure.message
                                                           : "";
}

// Compares what it is shown with what was stored, byte by byte.
class Comparison final : public BatchVisitor {
 public:
  explicit Comparison(const SampleStore& sample) : sample_(sample) {}

  bool visit(const Batch& batch) override {
    const auto& stored = sample_.batches;
    is_wrong_ = is_wrong_ || seen_ == stored.size() || batch.agency() != stored[seen_].agency ||
                batch.size() != stored[seen_].bets ||
                as_text(batch.packets()) != stored[seen_].packets;
    ++seen_;
    return true;
  }

  /// Whether something was shown that was not stored, or not there.
  bool is_wrong() const noexcept { return is_wrong_; }
  bool is_whole() const noexcept { return !is_wrong_ && seen_ == sample_.batches.size(); }

 private:
  const SampleStore& sample_;
  std::size_t seen_ = 0;
  bool is_wrong_ = false;
};

bool is_whole(const SampleStore& sample, const StoreState& state) {
  const StoreContents& whole = sample.history.contents();
  return state.batches == whole.batches.size() && state.bets == whole.bets &&
         state.finished == whole.finished && state.winning_number == whole.winning_number &&
         state.sessions == whole.senders.size();
}

bool knows_all_senders(const SampleStore& sample, const BetStore& store) {
  const StoreContents& whole = sample.history.contents();
  return std::all_of(whole.senders.begin(), whole.senders.end(), [&](const auto& sender) {
    const auto& [key, durable] = sender;
    const auto bets = whole.agency_bets.find(key.agency);
    const SessionState known = store.session(key.agency, key.session);
    return known.durable == durable &&
           known.agency_bets == (bets == whole.agency_bets.end() ? 0 : bets->second);
  });
}

using Reading = boost::system::result<StoreSummary, StoreFailure>;

bool is_same(const Reading& one, const Reading& other) {
  if (one.has_error() || other.has_error()) {
    return one.has_error() && other.has_error() && one.error().code == other.error().code &&
           one.error().message == other.error().message;
  }
  return *one == *other;
}

void verify(const SampleStore& sample, const SimulatedDisk& disk, Judgement& judgement) {
  Comparison shown(sample);
  const auto summary = read_store(disk.files(), kStore, &shown);
  Comparison shown_ahead(sample);
  const auto ahead = read_store(disk.files(), kStore, &shown_ahead, {},
                                {.threads = 2, .block_bytes = kBlockReadAhead});
  if (!is_same(summary, ahead) || shown.is_whole() != shown_ahead.is_whole() ||
      shown.is_wrong() != shown_ahead.is_wrong()) {
    judgement.wrong += "it makes a difference whether it is read ahead; ";
  }
  if (shown.is_wrong()) {
    judgement.wrong += "verify shows bets that were not stored; ";
  }
  if (summary.has_error()) {
    judgement.was_noticed = true;
    judgement.wrong += fault_of(summary.error());
    return;
  }
  if (!shown.is_whole() || !is_whole(sample, summary->state)) {
    judgement.wrong += "verify is content though something is missing; ";
  }
  judgement.was_noticed = summary->torn_tail.has_value();
}

void start(const SampleStore& sample, SimulatedDisk& disk, Judgement& judgement) {
  const DiskImage before = without_lock(disk.image());
  RecordingLog log(LogLevel::kError);
  FileStoreOptions options = sample.options;
  options.own_thread = false;
  const auto store = FileBetStore::open(options, log, disk.files());
  if (store.has_error()) {
    judgement.was_refused = true;
    judgement.wrong += fault_of(store.error());
    if (without_lock(disk.image()) != before) {
      judgement.wrong += "the store did not start, and changed the files; ";
    }
    return;
  }
  Comparison shown(sample);
  const auto failure = (*store)->visit(shown);
  if (shown.is_wrong()) {
    judgement.wrong += "the store shows bets that were not stored; ";
  }
  if (failure) {
    judgement.wrong += judgement.was_noticed ? "" : "damaged for visit alone; ";
    judgement.wrong += fault_of(*failure);
    return;
  }
  if (!shown.is_whole() || !is_whole(sample, (*store)->recovered()) ||
      !knows_all_senders(sample, **store)) {
    judgement.wrong += "the store starts though something is missing; ";
  }
}

}  // namespace

Judgement judge(const SampleStore& sample, const DiskImage& image) {
  Judgement judgement;
  SimulatedDisk disk(image, 0);
  verify(sample, disk, judgement);
  start(sample, disk, judgement);
  return judgement;
}

}  // namespace sorteo::test
