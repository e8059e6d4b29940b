#include "tests/storage/test_bets.hpp"

#include <algorithm>

#include <chrono>
#include <future>
#include <memory>

namespace sorteo::test {
namespace {

constexpr std::chrono::seconds kLong{30};

template <typename Ask>
boost::system::error_code await(Ask ask) {
  Outcomes outcomes;
  ask(outcomes.completion());
  if (!outcomes.await(1)) {
    return boost::system::errc::make_error_code(boost::system::errc::timed_out);
  }
  return outcomes.errors().front();
}

OnceResult give_once(BetStore& store, const IdentifiedBatch& batch) {
  // Shared, because a store that never calls back may outlive the wait.
  const auto result = std::make_shared<std::promise<OnceResult>>();
  store.append_once(batch, [result](boost::system::error_code error, const Receipt& receipt) {
    result->set_value({error, receipt});
  });
  auto future = result->get_future();
  if (future.wait_for(kLong) != std::future_status::ready) {
    return {boost::system::errc::make_error_code(boost::system::errc::timed_out), {}};
  }
  return future.get();
}

}  // namespace

TestBatch::TestBatch(std::uint32_t agency, const std::vector<std::string>& names)
    : agency_(agency), size_(static_cast<std::uint32_t>(names.size())) {
  for (const std::string& name : names) {
    append_packet(packets_, {name, "Paz", "30904465", "1999-03-17", "7574"});
  }
}

SessionId session_id(std::uint8_t last) {
  SessionId session;
  session.bytes.back() = std::byte{last};
  return session;
}

std::string text_of(const Batch& batch) {
  std::string text = std::to_string(batch.agency()) + ":";
  std::uint32_t bets = 0;
  for (const BetView& bet : batch) {
    text += " ";
    text += bet.first_name;
    ++bets;
  }
  return bets == batch.size() ? text : text + " (a wrong count)";
}

bool BatchLister::visit(const Batch& batch) {
  seen.push_back(text_of(batch));
  return seen.size() < most_;
}

namespace {

class ListedPart final : public BatchPart {
 public:
  void add(const Batch& batch) override { seen.push_back(text_of(batch)); }

  std::vector<std::string> seen;
};

std::vector<std::string> with_failure(std::vector<std::string> seen,
                                      const std::optional<StoreFailure>& failure) {
  if (failure) {
    seen.push_back(failure->message);
  }
  return seen;
}

}  // namespace

std::unique_ptr<BatchPart> PartLister::make_part() { return std::make_unique<ListedPart>(); }

bool PartLister::take(BatchPart& part) {
  auto& batches = static_cast<ListedPart&>(part).seen;
  seen.insert(seen.end(), batches.begin(), batches.end());
  batches.clear();
  return seen.size() < most_;
}

std::vector<std::string> bets_in(const BetStore& store) {
  PartLister parts;
  const auto failure_of_parts = store.visit_parts(parts);
  BatchLister lister;
  const auto failure = store.visit(lister);
  auto bets = with_failure(std::move(lister.seen), failure);
  const auto in_parts = with_failure(std::move(parts.seen), failure_of_parts);
  // Beside a writer the second visit may show more.
  if (in_parts.size() > bets.size() ||
      !std::equal(in_parts.begin(), in_parts.end(), bets.begin())) {
    bets.push_back("the parts show something else");
  }
  return bets;
}

BetStore::Completion Outcomes::completion(std::string name) {
  return [this, name = std::move(name)](boost::system::error_code error) {
    const std::lock_guard lock(mutex_);
    outcomes_.push_back({name, error});
    changed_.notify_all();
  };
}

bool Outcomes::await(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kLong, [this, count] { return outcomes_.size() >= count; });
}

std::size_t Outcomes::count() const {
  const std::lock_guard lock(mutex_);
  return outcomes_.size();
}

std::vector<boost::system::error_code> Outcomes::errors() const {
  const std::lock_guard lock(mutex_);
  std::vector<boost::system::error_code> errors;
  for (const Outcome& outcome : outcomes_) {
    errors.push_back(outcome.error);
  }
  return errors;
}

std::vector<std::string> Outcomes::names() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const Outcome& outcome : outcomes_) {
    names.push_back(outcome.name);
  }
  return names;
}

boost::system::error_code append(BetStore& store, std::uint32_t agency,
                                 const std::vector<std::string>& names) {
  return await([&](BetStore::Completion done) {
    store.append(TestBatch(agency, names).view(), std::move(done));
  });
}

boost::system::error_code finish(BetStore& store, std::uint32_t agency) {
  return await([&](BetStore::Completion done) { store.record_finish(agency, std::move(done)); });
}

OnceResult append_once(BetStore& store, const SessionId& session, std::uint64_t sequence,
                       std::uint32_t agency, const std::vector<std::string>& names) {
  const TestBatch batch(agency, names);
  return give_once(store, {session, sequence, agency, batch.view().packets(), batch.view().size()});
}

OnceResult refuse_once(BetStore& store, const SessionId& session, std::uint64_t sequence,
                       std::uint32_t agency, const std::string& content) {
  return give_once(store, {session, sequence, agency, as_bytes(content), std::nullopt});
}

CountResult finish_counted(BetStore& store, std::uint32_t agency, std::uint64_t bets) {
  const auto result = std::make_shared<std::promise<CountResult>>();
  store.record_counted_finish(agency, bets,
                              [result](boost::system::error_code error, std::uint64_t stored) {
                                result->set_value({error, stored});
                              });
  auto future = result->get_future();
  if (future.wait_for(kLong) != std::future_status::ready) {
    return {boost::system::errc::make_error_code(boost::system::errc::timed_out), 0};
  }
  return future.get();
}

boost::system::error_code hold_draw(BetStore& store, std::uint32_t winning_number) {
  return await(
      [&](BetStore::Completion done) { store.record_draw(winning_number, std::move(done)); });
}

}  // namespace sorteo::test
