#include "apps/common/standard_streams.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace sorteo {
namespace {

// The descriptor of the next file that is opened when `closed` had been closed at the start.
int next_descriptor_without(std::initializer_list<int> closed) {
  for (const int descriptor : closed) {
    ::close(descriptor);
  }
  reserve_standard_streams();
  return ::open("/dev/null", O_RDONLY);
}

TEST(StandardStreamsDeathTest, AClosedStreamIsNotGivenToAFile) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(::_exit(next_descriptor_without({2}) > 2 ? 0 : 1), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(::_exit(next_descriptor_without({0, 1, 2}) > 2 ? 0 : 1), testing::ExitedWithCode(0),
              "");
}

TEST(StandardStreamsTest, OpenStreamsAreLeftAlone) {
  const int before = ::open("/dev/null", O_RDONLY);
  ::close(before);
  reserve_standard_streams();
  const int after = ::open("/dev/null", O_RDONLY);
  ::close(after);
  EXPECT_EQ(before, after);
}

}  // namespace
}  // namespace sorteo
