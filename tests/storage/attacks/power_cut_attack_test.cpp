// The power is cut in the midst of a store's life, again and again; a seed decides where, and what
// of the unsynced sectors and names survives.

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <iostream>

#include "tests/storage/attacks/attack_scale.hpp"
#include "tests/storage/attacks/store_scenario.hpp"

namespace sorteo::test {
namespace {

FileStoreOptions random_options(SeededRandom& random) {
  constexpr Durability kDurabilities[] = {Durability::kFsync, Durability::kFsync,
                                          Durability::kInterval, Durability::kOs};
  FileStoreOptions options = tiny_segments(kDurabilities[random.below(4)]);
  options.segments.first = 2048U << random.below(3);
  options.segments.most = options.segments.first << random.below(2);
  return options;
}

// A step of a store's life.
void step(StoreDriver& driver, SeededRandom& random, std::uint64_t number) {
  const std::size_t kind = random.below(100);
  if (kind < 60) {
    ask_something(driver, random, number);
  } else if (kind < 88) {
    driver.pump();
  } else if (kind < 92) {
    driver.pump_all();
  } else if (kind < 94) {
    driver.counted_finish(static_cast<std::uint32_t>(random.below(3) + 1), random.below(2));
  } else if (kind < 95) {
    driver.finish(static_cast<std::uint32_t>(random.below(3) + 1));
  } else if (kind < 96) {
    driver.hold_draw(7574);
  } else if (kind < 98) {
    driver.keep_winners();
  } else {
    // It closes in good order, and starts again.
    static_cast<void>(driver.close());
    static_cast<void>(driver.open());
  }
}

// From a start to a power cut, or, now and then, to a mere crash.
void live(SimulatedDisk& disk, StoreDriver& driver, SeededRandom& random, std::uint64_t life) {
  if (random.chance(50)) {
    disk.kill_at_call(random.below(80) + 1);
  }
  if (random.chance(10)) {
    disk.fail_call(random.below(60) + 1, {random.chance(70) ? EIO : ENOSPC, random.chance(30)});
  }
  if (!driver.open()) {
    const std::size_t steps = random.below(30);
    for (std::size_t done = 0; done < steps && driver.is_open(); ++done) {
      step(driver, random, 1000 * life + done);
    }
  }
  if (random.chance(15)) {
    driver.crash();
  } else {
    driver.cut_power();
  }
  disk.heal();
}

// What is wrong after the power cuts of that seed.
std::string cut_power_of(std::uint64_t seed) {
  SeededRandom random(seed);
  SimulatedDisk disk(random.next());
  if (std::getenv("SORTEO_ATTACK_TRACE") != nullptr) {
    disk.trace_to(std::cout);
  }
  StoreDriver driver(disk, random_options(random));
  const std::size_t lives = 1 + random.below(3);
  for (std::uint64_t life = 1; life <= lives; ++life) {
    live(disk, driver, random, life);
  }
  return afterwards(disk, driver);
}

TEST(PowerCutAttackTest, WhatWasAcknowledgedSurvivesEveryPowerCut) {
  const std::uint64_t first = first_seed();
  const std::uint64_t cuts = count(5000, 100000);
  for (std::uint64_t seed = first; seed < first + cuts; ++seed) {
    ASSERT_EQ(cut_power_of(seed), "") << "SORTEO_ATTACK_SEED=" << seed;
  }
  report_count("power cuts", cuts);
}

}  // namespace
}  // namespace sorteo::test
