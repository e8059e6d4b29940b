#include "core/unique_function.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace sorteo {
namespace {

using Text = UniqueFunction<std::string(std::string)>;

static_assert(!std::is_copy_constructible_v<Text>);
static_assert(!std::is_copy_assignable_v<Text>);
static_assert(std::is_nothrow_move_constructible_v<Text>);
static_assert(std::is_nothrow_move_assignable_v<Text>);
static_assert(!std::is_constructible_v<Text, int>);
static_assert(!std::is_constructible_v<Text, void (*)()>);

TEST(UniqueFunctionTest, EmptyIsFalse) {
  EXPECT_FALSE(Text());
  EXPECT_TRUE(Text([](std::string text) { return text; }));
}

TEST(UniqueFunctionTest, PassesArgumentsAndResult) {
  Text twice = [](const std::string& text) { return text + text; };
  EXPECT_EQ(twice("ab"), "abab");
}

TEST(UniqueFunctionTest, HoldsWhatCanOnlyBeMoved) {
  UniqueFunction<int()> function = [owned = std::make_unique<int>(7)] { return *owned; };
  EXPECT_EQ(function(), 7);
}

TEST(UniqueFunctionTest, PassesArgumentsThatCanOnlyBeMoved) {
  UniqueFunction<int(std::unique_ptr<int>)> function = [](std::unique_ptr<int> value) {
    return *value;
  };
  EXPECT_EQ(function(std::make_unique<int>(7)), 7);
}

TEST(UniqueFunctionTest, PassesReferencesAsReferences) {
  UniqueFunction<void(int&)> increment = [](int& value) { ++value; };
  int value = 1;
  increment(value);
  EXPECT_EQ(value, 2);
}

TEST(UniqueFunctionTest, ResultMayBeIgnored) {
  int calls = 0;
  UniqueFunction<void()> function = [&calls] { return ++calls; };
  function();
  EXPECT_EQ(calls, 1);
}

TEST(UniqueFunctionTest, KeepsStateFromCallToCall) {
  UniqueFunction<int()> count = [calls = 0]() mutable { return ++calls; };
  count();
  EXPECT_EQ(count(), 2);
}

TEST(UniqueFunctionTest, MovedCarriesTheCallableAlong) {
  UniqueFunction<int()> from = [owned = std::make_unique<int>(7)] { return *owned; };
  UniqueFunction<int()> to = std::move(from);
  EXPECT_FALSE(from);  // NOLINT: moved-from is empty
  EXPECT_EQ(to(), 7);
}

TEST(UniqueFunctionTest, DestroysTheCallableOnce) {
  const auto witness = std::make_shared<int>();
  {
    UniqueFunction<void()> first = [witness] {};
    UniqueFunction<void()> second = std::move(first);
    UniqueFunction<void()> third;
    third = std::move(second);
    EXPECT_EQ(witness.use_count(), 2);
  }
  EXPECT_EQ(witness.use_count(), 1);
}

TEST(UniqueFunctionTest, AssignedOverDestroysTheOldCallable) {
  const auto witness = std::make_shared<int>();
  UniqueFunction<int()> function = [witness] { return 1; };
  function = [] { return 2; };
  EXPECT_EQ(witness.use_count(), 1);
  EXPECT_EQ(function(), 2);
}

TEST(UniqueFunctionTest, AssignedEmptyBecomesEmpty) {
  const auto witness = std::make_shared<int>();
  UniqueFunction<void()> function = [witness] {};
  function = {};
  EXPECT_FALSE(function);
  EXPECT_EQ(witness.use_count(), 1);
}

TEST(UniqueFunctionTest, AssignedToItselfKeepsTheCallable) {
  UniqueFunction<int()> function = [] { return 7; };
  UniqueFunction<int()>& same = function;
  function = std::move(same);
  EXPECT_EQ(function(), 7);
}

TEST(UniqueFunctionTest, TakesACallableOfItsWholeCapacity) {
  std::array<char, 64> full{};
  full.back() = 'z';
  UniqueFunction<char()> function = [full] { return full.back(); };
  EXPECT_EQ(function(), 'z');
}

TEST(UniqueFunctionTest, TakesAPlainFunction) {
  UniqueFunction<int(int)> function = +[](int value) { return -value; };
  EXPECT_EQ(function(7), -7);
}

}  // namespace
}  // namespace sorteo
