// Holds the draw over the bets of a store, as the server does, and says how long it takes. The
// store is left as it is: the draw is not recorded, so it can be held again and again.
//
// usage: draw_store DIRECTORY [ROUNDS]
//   DIRECTORY   of the store, which no server may have open
//   ROUNDS      how often (1); a line with the seconds each, and the number of winners

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/draw.hpp"
#include "storage/file_bet_store.hpp"

namespace {

using namespace sorteo;

class QuietLog final : public Log {
 public:
  bool enabled(LogLevel level) const noexcept override { return level >= LogLevel::kWarning; }
  void write(LogLevel level, std::string_view line) noexcept override {
    if (enabled(level)) {
      std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
    }
  }
};

// Shows the bets of a store, and takes note of nothing.
class DrawnStore final : public BetStore {
 public:
  explicit DrawnStore(const BetStore& store) : store_(store) {}

  const StoreState& recovered() const noexcept override { return fresh_; }
  void append(const Batch&, Completion done) override { done({}); }
  void append_once(const IdentifiedBatch&, ReceiptCompletion done) override { done({}, {}); }
  SessionState session(std::uint32_t, const SessionId&) const override { return {}; }
  void record_finish(std::uint32_t, Completion done) override { done({}); }
  void record_counted_finish(std::uint32_t, std::uint64_t bets, CountCompletion done) override {
    done({}, bets);
  }
  void record_draw(std::uint32_t, Completion done) override { done({}); }
  std::optional<StoreFailure> visit(BatchVisitor& visitor) const override {
    return store_.visit(visitor);
  }
  std::optional<StoreFailure> visit_parts(PartVisitor& visitor) const override {
    return store_.visit_parts(visitor);
  }
  std::optional<StoreFailure> keep_winners(const WinnersByAgency&) override { return {}; }
  std::optional<StoreFailure> close() override { return {}; }

 private:
  const BetStore& store_;
  const StoreState fresh_;
};

std::size_t hold_draw(const BetStore& store, Log& log) {
  DrawnStore drawn(store);
  Draw draw(
      {.agencies = 1}, drawn, [](const std::function<void()>& task) { task(); }, log);
  draw.agency_finished(1);
  std::size_t winners = 0;
  for (std::uint32_t agency = 1; agency <= 5; ++agency) {
    winners += draw.winners_of(agency).value_or(std::span<const std::uint32_t>()).size();
  }
  return winners;
}

}  // namespace

int main(int argc, char** argv) {
  unsigned rounds = 1;
  if (argc == 3) {
    std::from_chars(argv[2], argv[2] + std::strlen(argv[2]), rounds);
  }
  if (argc < 2 || argc > 3 || rounds == 0 || rounds > 1000) {
    std::fputs("usage: draw_store DIRECTORY [ROUNDS]\n", stderr);
    return 2;
  }
  QuietLog log;
  FileStoreOptions options;
  options.path = argv[1];
  const auto store = FileBetStore::open(options, log);
  if (store.has_error()) {
    std::fprintf(stderr, "draw_store: %s\n", store.error().message.c_str());
    return 1;
  }
  for (unsigned round = 0; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    const std::size_t winners = hold_draw(**store, log);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    std::printf("%.3f seconds, %zu winners\n", taken.count(), winners);
  }
  return 0;
}
