#include "core/small_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace sorteo {
namespace {

using Text = SmallText<8>;

const std::string kLong(100, 'x');

TEST(SmallTextTest, IsEmptyAtFirst) {
  const Text text;
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(text, "");
}

TEST(SmallTextTest, NoTextIsEmpty) {
  Text text{std::string_view()};
  EXPECT_EQ(text, "");
  text.append({});
  EXPECT_EQ(text, "");
}

TEST(SmallTextTest, HoldsWhatItIsGiven) {
  for (std::size_t size = 0; size < 20; ++size) {
    const std::string given = kLong.substr(0, size);
    EXPECT_EQ(Text(given), given);
    EXPECT_EQ(Text(std::string(given)), given);
    EXPECT_EQ(Text(given).size(), size);
  }
}

TEST(SmallTextTest, GrowsOutOfItsPlaceAndOn) {
  Text text("1234");
  text.append("5678");
  EXPECT_EQ(text, "12345678");
  text.append("9");
  text.append("");
  text.append(kLong);
  EXPECT_EQ(text, "123456789" + kLong);
}

TEST(SmallTextTest, HoldsBytesOfEveryValue) {
  const std::string zeros(5, '\0');
  EXPECT_EQ(Text(std::string_view(zeros)), zeros);
}

TEST(SmallTextTest, CopiesAreIndependent) {
  for (const std::string& given : {std::string("short"), kLong}) {
    Text text(given);
    const Text copy = text;
    text.append("!");
    EXPECT_EQ(copy, given);
    EXPECT_EQ(text, given + "!");
  }
}

TEST(SmallTextTest, MovesTakeTheTextAlong) {
  for (const std::string& given : {std::string("short"), kLong}) {
    Text from(given);
    Text to("something else");
    to = std::move(from);
    EXPECT_EQ(to, given);
    from = {};
    EXPECT_EQ(from, "");
  }
}

TEST(SmallTextTest, TextsAreEqualWhereverTheyAreKept) {
  Text grown(kLong);
  EXPECT_EQ(grown, Text(kLong));
  EXPECT_FALSE(grown == Text("x"));
}

}  // namespace
}  // namespace sorteo
