#include "tests/storage/attacks/store_scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "storage/segment_header.hpp"
#include "storage/store_repair.hpp"
#include "storage/stored_bets.hpp"

namespace sorteo::test {
namespace {

// A start that fails is tried once more: the disk may have failed once.
bool start(StoreDriver& driver) { return !driver.open() || !driver.open(); }

void commit_some(StoreDriver& driver, std::uint64_t from, std::uint64_t count) {
  SeededRandom random(from);
  for (std::uint64_t number = from; number < from + count; ++number) {
    ask_something(driver, random, number);
    if (random.chance(60)) {
      driver.pump_all();
    }
  }
  driver.pump_all();
}

void append(SimulatedDisk&, StoreDriver& driver) {
  if (!start(driver)) {
    return;
  }
  commit_some(driver, 100, 8);
  driver.counted_finish(1, 1);
  driver.counted_finish(1);
  driver.pump_all();
  driver.append(2, {"Last"});
  driver.hold_draw(7574);
  driver.pump_all();
  driver.keep_winners();
}

void roll(SimulatedDisk&, StoreDriver& driver) {
  if (start(driver)) {
    commit_some(driver, 200, 25);
  }
}

void close_and_start_again(SimulatedDisk&, StoreDriver& driver) {
  for (std::uint64_t life = 0; life < 2; ++life) {
    if (start(driver)) {
      commit_some(driver, 300 + 10 * life, 4);
      static_cast<void>(driver.close());
    }
  }
}

void recover(SimulatedDisk&, StoreDriver& driver) {
  if (start(driver)) {
    commit_some(driver, 400, 3);
  }
}

void repair(SimulatedDisk& disk, StoreDriver& driver) {
  for (int times = 0; times < 2; ++times) {
    const auto repaired = repair_store(disk.files(), kStore, {RepairAction::kCut, {}});
    if (repaired.has_value()) {
      break;
    }
  }
  // What comes of a repair that did not succeed is the caller's business.
  static_cast<void>(driver);
}

// A store whose last group is half written.
StoreScenario with_torn_tail() {
  SampleStore sample = several_segments(3, Ending::kCrashed, Lottery::kGoesOn);
  const std::string last = sample.segments().back();
  std::string& content = sample.image.at(last);
  const std::size_t end = content.find_last_not_of('\0') + 1;
  content.replace(end + 8, 40, 40, 'x');
  return {"recovery", sample.options, sample.image, sample.history, recover};
}

// A store with a flipped bit in the midst of its log; its history is what stands before.
StoreScenario damaged() {
  SampleStore sample = several_segments(4, Ending::kCrashed, Lottery::kGoesOn);
  std::string& second = sample.image.at(sample.segments().at(1));
  constexpr std::size_t kFlipped = 2000;
  const auto header = decode_segment_header(as_bytes(second));
  EXPECT_TRUE(header.has_value());
  second.at(kFlipped) = static_cast<char>(second.at(kFlipped) ^ 1);
  const auto whole = std::upper_bound(sample.ends.begin(), sample.ends.end(),
                                      header.has_value() ? header->base + kFlipped : 0);
  sample.history.cut_to(static_cast<std::size_t>(whole - sample.ends.begin()) - 1);
  return {"repair", sample.options, sample.image, sample.history, repair};
}

}  // namespace

StoreScenario store_scenario(const std::string& name) {
  if (name == "append" || name == "roll") {
    return {name, tiny_segments(), {}, {}, name == "append" ? append : roll};
  }
  if (name == "checkpoint") {
    const SampleStore closed = several_segments(2, Ending::kClosed, Lottery::kGoesOn);
    return {name, closed.options, closed.image, closed.history, close_and_start_again};
  }
  return name == "recovery" ? with_torn_tail() : damaged();
}

std::string afterwards(SimulatedDisk& disk, StoreDriver& driver) {
  for (int life = 0; life < 2; ++life) {
    if (const auto failure = driver.open()) {
      return driver.complaints() + "it does not start: " + failure->message;
    }
    driver.resend_all();
    const std::size_t before = driver.history().size();
    driver.append(77, {"After" + std::to_string(life)});
    driver.pump_all();
    if (!driver.history().draw() && driver.history().size() == before) {
      return driver.complaints() + "it takes no more";
    }
    if (const auto failure = driver.close()) {
      return driver.complaints() + "it does not close: " + failure->message;
    }
    const auto summary = read_store(disk.files(), kStore, nullptr);
    if (summary.has_error()) {
      return driver.complaints() + "it is unsound: " + summary.error().message;
    }
  }
  return driver.complaints();
}

}  // namespace sorteo::test
