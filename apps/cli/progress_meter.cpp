#include "apps/cli/progress_meter.hpp"

#include <algorithm>
#include <utility>

#include "core/log.hpp"

namespace sorteo::cli {
namespace {

constexpr std::size_t kBarCells = 24;

std::string two_digits(std::chrono::seconds::rep value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

}  // namespace

std::string with_thousands(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3; at -= 3) {
    text.insert(at - 3, 1, ',');
  }
  return text;
}

std::string as_clock(std::chrono::seconds time) {
  const auto seconds = time.count() % 60;
  const auto minutes = time.count() / 60 % 60;
  const auto hours = time.count() / 3600;
  return hours > 0 ? std::to_string(hours) + ":" + two_digits(minutes) + ":" + two_digits(seconds)
                   : std::to_string(minutes) + ":" + two_digits(seconds);
}

ProgressMeter::ProgressMeter(ProgressOptions options, Console& console, Now now)
    : options_(std::move(options)),
      console_(console),
      now_(std::move(now)),
      started_(now_()),
      due_(started_ + (console.columns() > 0 ? options_.redraw_every : options_.line_every)) {}

ProgressMeter::~ProgressMeter() {
  if (console_.columns() > 0) {
    console_.show_progress({});
  }
}

void ProgressMeter::update(std::uint64_t done) {
  const auto now = now_();
  if (options_.quiet || now < due_) {
    return;
  }
  using Seconds = std::chrono::duration<double>;
  const double elapsed = std::max(Seconds(now - started_).count(), 0.001);
  const auto rate = static_cast<std::uint64_t>(static_cast<double>(done) / elapsed);
  if (const unsigned columns = console_.columns(); columns > 0) {
    due_ = now + options_.redraw_every;
    // A line as wide as the terminal would make some terminals scroll.
    console_.show_progress(bar(done, rate).substr(0, columns - 1));
  } else if (!options_.only_on_terminal) {
    due_ = now + options_.line_every;
    console_.say(line(done, rate));
  }
}

void ProgressMeter::update(std::uint64_t done, std::uint64_t total) {
  options_.total = total;
  update(done);
}

std::string ProgressMeter::bar(std::uint64_t done, std::uint64_t rate) const {
  const std::string bets = with_thousands(done);
  const std::string speed = " " + options_.unit + "  " + with_thousands(rate) + "/s";
  if (options_.total == 0) {
    return options_.action + "  " + bets + speed;
  }
  const std::uint64_t total = options_.total;
  const std::uint64_t shown = std::min(done, total);
  const double part = static_cast<double>(shown) / static_cast<double>(total);
  const auto cells = static_cast<std::size_t>(part * kBarCells);
  const std::string percent = std::to_string(static_cast<unsigned>(part * 100)) + "%";
  std::string text = options_.action + " [" + std::string(cells, '#') +
                     std::string(kBarCells - cells, '.') + "] " +
                     std::string(4 - percent.size(), ' ') + percent + "  " + bets + " of " +
                     with_thousands(total) + speed;
  if (rate > 0) {
    text += "  " + as_clock(std::chrono::seconds((total - shown) / rate)) + " left";
  }
  return text;
}

std::string ProgressMeter::line(std::uint64_t done, std::uint64_t rate) const {
  LogLine line(options_.action, "in_progress");
  line.with(options_.unit == "bets" ? "apuestas" : options_.unit, done);
  if (options_.total > 0) {
    line.with("total", options_.total);
  }
  return std::string(line.with("por_segundo", rate).str());
}

}  // namespace sorteo::cli
