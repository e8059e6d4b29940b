// Every call to the system fails, or is the last one of a program that is killed.

#include <gtest/gtest.h>

#include <cerrno>

#include "storage/store_repair.hpp"
#include "tests/storage/attacks/attack_scale.hpp"
#include "tests/storage/attacks/store_scenario.hpp"

namespace sorteo::test {
namespace {

struct NamedFault {
  std::string name;
  DiskFault fault;
};

std::vector<NamedFault> faults() {
  std::vector<NamedFault> faults;
  for (const auto& [name, error] :
       {std::pair{"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EINTR", EINTR}, {"short", 0}}) {
    faults.push_back({std::string(name) + " once", {error, false}});
    faults.push_back({std::string(name) + " for good", {error, true}});
  }
  faults.push_back({"short, then ENOSPC", {ENOSPC, false, true}});
  faults.push_back({"short, then ENOSPC for good", {ENOSPC, true, true}});
  faults.push_back({"short, then EIO", {EIO, false, true}});
  return faults;
}

enum class End { kCrash, kPowerCut };

// The store starts again after `end`; a damaged one when it has been repaired.
void expect_sound_after(const StoreScenario& scenario, SimulatedDisk& disk, StoreDriver& driver,
                        End end, const std::string& what) {
  if (end == End::kCrash) {
    driver.crash();
  } else {
    driver.cut_power();
  }
  if (scenario.name == "repair") {
    const auto repaired = repair_store(disk.files(), kStore, {RepairAction::kCut, {}});
    ASSERT_TRUE(repaired.has_value()) << what << ": " << repaired.error().message;
  }
  ASSERT_EQ(afterwards(disk, driver), "") << what;
}

// One life with a call that fails. Whether the life was long enough for that.
bool live_with_fault(const StoreScenario& scenario, const NamedFault& fault, std::uint64_t call,
                     End end, std::uint64_t seed) {
  SimulatedDisk disk(scenario.start, seed);
  StoreDriver driver(disk, scenario.options);
  driver.adopt(scenario.history);
  disk.fail_call(call, fault.fault);
  scenario.act(disk, driver);
  const bool has_failed = disk.has_failed();
  const std::string what = scenario.name + ", call " + std::to_string(call) + " (" +
                           disk.failed_call() + "), " + fault.name + ", seed " +
                           std::to_string(seed) + (end == End::kCrash ? ", crash" : ", power cut");
  disk.heal();
  expect_sound_after(scenario, disk, driver, end, what);
  return has_failed;
}

class FailingCallAttackTest : public ::testing::TestWithParam<std::string> {};

TEST_P(FailingCallAttackTest, EveryCallMayFailInEveryWay) {
  const StoreScenario life = store_scenario(GetParam());
  std::uint64_t lives = 0;
  bool has_failed = true;
  for (const NamedFault& fault : faults()) {
    has_failed = true;
    for (std::uint64_t call = 1; has_failed; call += stride(1)) {
      for (std::uint64_t cut = 0; cut <= count(1, 16); ++cut, ++lives) {
        const End end = cut == 0 ? End::kCrash : End::kPowerCut;
        has_failed = live_with_fault(life, fault, call, end, 1000 * call + cut);
        ASSERT_FALSE(HasFailure());
      }
      ASSERT_LT(call, 10000U) << "the failures never end";
    }
  }
  report_count("failed calls", lives);
  EXPECT_GT(lives, 100U / stride(1));
}

TEST_P(FailingCallAttackTest, EveryCallMayBeTheLastOne) {
  const StoreScenario life = store_scenario(GetParam());
  const std::uint64_t cuts = count(4, 64);
  std::uint64_t kills = 0;
  bool was_killed = true;
  for (std::uint64_t call = 1; was_killed; call += stride(1)) {
    for (std::uint64_t cut = 0; cut <= cuts; ++cut, ++kills) {
      SimulatedDisk disk(life.start, 1000 * call + cut);
      StoreDriver driver(disk, life.options);
      driver.adopt(life.history);
      disk.kill_at_call(call);
      life.act(disk, driver);
      was_killed = disk.was_killed();
      expect_sound_after(life, disk, driver, cut == 0 ? End::kCrash : End::kPowerCut,
                         life.name + ", killed at call " + std::to_string(call) + ", seed " +
                             std::to_string(1000 * call + cut));
      ASSERT_FALSE(HasFailure());
    }
  }
  report_count("kills", kills);
  EXPECT_GT(kills, 100U / stride(1) / stride(1));
}

INSTANTIATE_TEST_SUITE_P(Scenarios, FailingCallAttackTest,
                         ::testing::Values("append", "roll", "checkpoint", "recovery", "repair"),
                         [](const auto& name) { return name.param; });

// A disk with room for `bytes` is filled, then gets room again.
void fill_disk_of(std::uint64_t bytes) {
  SimulatedDisk disk(bytes);
  disk.limit_to(bytes);
  StoreDriver driver(disk, tiny_segments());
  SeededRandom random(bytes);
  bool is_open = !driver.open();
  for (std::uint64_t number = 0; is_open && number < 40; ++number) {
    ask_something(driver, random, number);
    driver.pump_all();
  }
  disk.limit_to(1 << 30);
  is_open = is_open || !driver.open();
  ASSERT_TRUE(is_open);
  ASSERT_FALSE(driver.has_failed());
  const std::size_t before = driver.history().size();
  driver.append(8, {"Room"});
  driver.pump_all();
  ASSERT_EQ(driver.history().size(), before + 1) << "it does not go on";
  driver.cut_power();
  ASSERT_EQ(afterwards(disk, driver), "");
}

TEST(FullDiskAttackTest, AStoreOnADiskOfAnySizeKeepsWhatItTookAndGoesOnWhenThereIsRoom) {
  std::uint64_t sizes = 0;
  for (std::uint64_t bytes = 0; bytes < 40000; bytes += stride(61), ++sizes) {
    fill_disk_of(bytes);
    ASSERT_FALSE(HasFailure()) << bytes << " bytes";
  }
  report_count("sizes of the disk", sizes);
}

}  // namespace
}  // namespace sorteo::test
