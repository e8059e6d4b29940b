#pragma once

#include <functional>
#include <string>

#include "tests/storage/attacks/sample_store.hpp"

namespace sorteo::test {

/// A part of a store's life, during which something may fail.
struct StoreScenario {
  std::string name;
  FileStoreOptions options;
  DiskImage start;       ///< what is on the disk before
  StoreHistory history;  ///< what is in it
  /// What is done. It takes every error for granted, and goes on as far as it can.
  std::function<void(SimulatedDisk&, StoreDriver&)> act;
};

/// `append`, `roll`, `checkpoint`, `recovery` or `repair`.
StoreScenario store_scenario(const std::string& name);

/// After whatever happened to the store: it starts, holds what it must, takes everything that was
/// sent with an identity once more and stores none of it twice, takes new changes, and is sound.
/// What is wrong, or nothing.
[[nodiscard]] std::string afterwards(SimulatedDisk& disk, StoreDriver& driver);

}  // namespace sorteo::test
