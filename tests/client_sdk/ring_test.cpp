#include "client_sdk/ring.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace sorteo::client {
namespace {

TEST(RingTest, IsAQueueWhateverItsSizeWas) {
  Ring<int> ring;
  std::deque<int> model;
  for (int at = 0; at < 1000; ++at) {
    ring.grow() = at;
    model.push_back(at);
    if (at % 3 == 0 || model.size() > 100) {
      EXPECT_EQ(ring.front(), model.front());
      ring.pop();
      model.pop_front();
    }
    ASSERT_EQ(ring.size(), model.size());
    for (std::size_t place = 0; place < model.size(); ++place) {
      ASSERT_EQ(ring[place], model[place]);
    }
  }
  ring.clear();
  EXPECT_TRUE(ring.empty());
}

TEST(RingTest, WhatAnElementOwnedServesALaterOne) {
  Ring<std::string> ring;
  std::size_t kept = 0;
  for (int at = 0; at < 100; ++at) {
    std::string& text = ring.grow();
    kept += text.capacity() >= 1000 ? 1 : 0;
    text.assign(1000, 'x');
    ring.pop();
  }
  EXPECT_EQ(kept, 84U);  // all after the first 16
}

}  // namespace
}  // namespace sorteo::client
