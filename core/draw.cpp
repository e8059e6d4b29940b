#include "core/draw.hpp"

#include <exception>
#include <utility>

#include "core/winner_scan.hpp"

namespace sorteo {
namespace {

// The winners among some batches.
class WinnerPart final : public BatchPart {
 public:
  explicit WinnerPart(std::uint32_t winning_number) : winning_number_(winning_number) {}

  void add(const Batch& batch) override {
    found_.clear();
    append_winners(batch, winning_number_, found_);
    if (!found_.empty()) {
      auto& winners = winners_[batch.agency()];
      winners.insert(winners.end(), found_.begin(), found_.end());
    }
  }

  void move_to(WinnersByAgency& all) {
    for (const auto& [agency, documents] : winners_) {
      auto& winners = all[agency];
      winners.insert(winners.end(), documents.begin(), documents.end());
    }
    winners_.clear();
  }

 private:
  const std::uint32_t winning_number_;
  WinnersByAgency winners_;
  std::vector<std::uint32_t> found_;  // in one batch
};

// Collects the documents of the bets with the winning number, by agency, in the order stored.
class WinnerCollector final : public PartVisitor {
 public:
  explicit WinnerCollector(std::uint32_t winning_number) : winning_number_(winning_number) {}

  std::unique_ptr<BatchPart> make_part() override {
    return std::make_unique<WinnerPart>(winning_number_);
  }

  bool take(BatchPart& part) override {
    static_cast<WinnerPart&>(part).move_to(winners_);
    return true;
  }

  WinnersByAgency take() { return std::move(winners_); }

 private:
  const std::uint32_t winning_number_;
  WinnersByAgency winners_;
};

std::size_t count(const WinnersByAgency& winners) noexcept {
  std::size_t count = 0;
  for (const auto& [agency, documents] : winners) {
    count += documents.size();
  }
  return count;
}

}  // namespace

Draw::Draw(DrawOptions options, BetStore& store, Background background, Log& log)
    : options_(options),
      store_(store),
      background_(std::move(background)),
      log_(log),
      winning_number_(store.recovered().winning_number.value_or(options.winning_number)),
      is_recorded_(store.recovered().winning_number.has_value()),
      finished_(store.recovered().finished.begin(), store.recovered().finished.end()) {}

void Draw::resume() { hold_if_due(); }

bool Draw::is_recorded() const {
  const std::lock_guard lock(mutex_);
  return is_recorded_;
}

bool Draw::has_finished(std::uint32_t agency) const {
  const std::lock_guard lock(mutex_);
  return finished_.contains(agency);
}

void Draw::agency_finished(std::uint32_t agency) {
  {
    const std::lock_guard lock(mutex_);
    finished_.insert(agency);
  }
  hold_if_due();
}

std::optional<std::span<const std::uint32_t>> Draw::winners_of(std::uint32_t agency) const {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::kHeld) {
    return std::nullopt;
  }
  const auto found = winners_.find(agency);
  return found == winners_.end() ? std::span<const std::uint32_t>() : std::span(found->second);
}

// The next question of an agency, or the next resume(), tries again.
template <typename Why>
void Draw::give_up(Why why) noexcept {
  write_line(log_, LogLevel::kError,
             [&] { return LogLine("sorteo", "fail").with("error", why()); });
  const std::lock_guard lock(mutex_);
  phase_ = Phase::kOpen;
}

void Draw::hold_if_due() {
  bool record = false;
  {
    const std::lock_guard lock(mutex_);
    const bool due = is_recorded_ || finished_.size() >= options_.agencies;
    if (phase_ != Phase::kOpen || !due) {
      return;
    }
    record = !is_recorded_;
    phase_ = record ? Phase::kRecording : Phase::kComputing;
  }
  write_line(log_, LogLevel::kInfo, [this] {
    return LogLine("sorteo", "in_progress").with("numero_ganador", winning_number_);
  });
  if (record) {
    store_.record_draw(winning_number_,
                       [this](boost::system::error_code error) noexcept { recorded(error); });
  } else {
    compute_later();
  }
}

void Draw::recorded(boost::system::error_code error) noexcept {
  if (error) {
    give_up([&] { return error.message(); });
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    is_recorded_ = true;
    phase_ = Phase::kComputing;
  }
  compute_later();
}

void Draw::compute_later() noexcept {
  try {
    if (const auto& kept = store_.recovered().winners) {
      publish(*kept);
    } else {
      background_([this] { compute_winners(); });
    }
  } catch (const std::exception& error) {
    give_up([&] { return error.what(); });
  }
}

void Draw::compute_winners() noexcept {
  try {
    WinnerCollector collector(winning_number_);
    if (const auto failure = store_.visit_parts(collector)) {
      give_up([&] { return failure->message; });
      return;
    }
    publish(collector.take());
  } catch (const std::exception& error) {
    give_up([&] { return error.what(); });
    return;
  }
  keep_winners();
}

void Draw::publish(WinnersByAgency winners) noexcept {
  {
    const std::lock_guard lock(mutex_);
    winners_ = std::move(winners);
    phase_ = Phase::kHeld;
  }
  write_line(log_, LogLevel::kInfo,
             [&] { return LogLine("sorteo", "success").with("ganadores", count(winners_)); });
  if (on_held_) {
    on_held_();
  }
}

// Nobody waits for this any more, and without it the next start computes them again.
void Draw::keep_winners() noexcept {
  const auto lose = [this](auto why) {
    write_line(log_, LogLevel::kWarning,
               [&] { return LogLine("keep_winners", "fail").with("error", why()); });
  };
  try {
    if (const auto failure = store_.keep_winners(winners_)) {
      lose([&] { return failure->message; });
    }
  } catch (const std::exception& error) {
    lose([&] { return error.what(); });
  }
}

}  // namespace sorteo
