#include "examples/handler/store_bet_counter.hpp"

#include <memory>
#include <utility>

namespace sorteo::example {
namespace {

class AgencyCount final : public BatchVisitor {
 public:
  explicit AgencyCount(std::uint32_t agency) noexcept : agency_(agency) {}

  bool visit(const Batch& batch) override {
    bets_ += batch.agency() == agency_ ? batch.size() : 0;
    return true;
  }

  std::uint64_t bets() const noexcept { return bets_; }

 private:
  const std::uint32_t agency_;
  std::uint64_t bets_ = 0;
};

}  // namespace

StoreBetCounter::StoreBetCounter(const BetStore& store, Background background)
    : store_(store), background_(std::move(background)) {}

void StoreBetCounter::count(std::uint32_t agency, Completion done) {
  // Shared, because a std::function copies what it holds, and `done` can only be moved.
  auto shared = std::make_shared<Completion>(std::move(done));
  background_([&store = store_, agency, shared] {
    AgencyCount visitor(agency);
    const auto failure = store.visit(visitor);
    (*shared)(failure ? Result(failure->code) : Result(visitor.bets()));
  });
}

}  // namespace sorteo::example
