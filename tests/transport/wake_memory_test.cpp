#include "transport/wake_memory.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace sorteo {
namespace {

TEST(WakeMemoryTest, GivesTheSameMemoryAgain) {
  WakeMemory memory;
  void* const first = memory.allocate(100);
  memory.deallocate(first);
  EXPECT_EQ(memory.allocate(100), first);
}

TEST(WakeMemoryTest, WhatIsInUseIsNotGivenTwice) {
  WakeMemory memory;
  void* const first = memory.allocate(100);
  void* const second = memory.allocate(100);
  EXPECT_NE(second, first);
  memory.deallocate(second);
  memory.deallocate(first);
}

TEST(WakeMemoryTest, WhatIsTooLargeComesFromTheHeap) {
  WakeMemory memory;
  void* const large = memory.allocate(1'000'000);
  void* const small = memory.allocate(100);
  EXPECT_NE(small, large);
  memory.deallocate(large);
  memory.deallocate(small);
  EXPECT_EQ(memory.allocate(100), small);
}

TEST(WakeAllocatorTest, CopiesShareTheMemory) {
  const WakeAllocator<int> ints(std::make_shared<WakeMemory>());
  WakeAllocator<double> doubles(ints);
  EXPECT_TRUE(ints == doubles);
  double* const memory = doubles.allocate(2);
  doubles.deallocate(memory, 2);
  EXPECT_EQ(static_cast<void*>(WakeAllocator<char>(ints).allocate(5)), memory);
}

}  // namespace
}  // namespace sorteo
