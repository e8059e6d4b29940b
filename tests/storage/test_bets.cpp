#include "tests/storage/test_bets.hpp"

#include <chrono>

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

}  // namespace

TestBatch::TestBatch(std::uint32_t agency, const std::vector<std::string>& names)
    : agency_(agency), size_(static_cast<std::uint32_t>(names.size())) {
  for (const std::string& name : names) {
    append_packet(packets_, {name, "Paz", "30904465", "1999-03-17", "7574"});
  }
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

std::vector<std::string> bets_in(const BetStore& store) {
  BatchLister lister;
  if (const auto failure = store.visit(lister)) {
    lister.seen.push_back(failure->message);
  }
  return lister.seen;
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

boost::system::error_code hold_draw(BetStore& store, std::uint32_t winning_number) {
  return await(
      [&](BetStore::Completion done) { store.record_draw(winning_number, std::move(done)); });
}

}  // namespace sorteo::test
