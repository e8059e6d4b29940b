#include "apps/cli/progress_meter.hpp"

#include <gmock/gmock.h>

#include "tests/apps/cli/fake_console.hpp"

namespace sorteo::cli {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class ProgressMeterTest : public testing::Test {
 protected:
  ProgressMeter meter(ProgressOptions options) {
    return {std::move(options), console_, [this] { return now_; }};
  }

  test::FakeConsole console_;
  ProgressMeter::Clock::time_point now_{};
};

TEST_F(ProgressMeterTest, TerminalShowsBarRateAndTimeLeft) {
  console_.width = 120;
  auto meter = this->meter({.action = "envio", .total = 78'697});
  now_ += 10s;
  meter.update(39'348);
  EXPECT_THAT(console_.bars, ElementsAre("envio [###########.............]  49%  39,348 of 78,697 "
                                         "bets  3,934/s  0:10 left"));
  EXPECT_THAT(console_.said, IsEmpty());
}

TEST_F(ProgressMeterTest, UnknownTotalShowsCountAndRate) {
  console_.width = 120;
  auto meter = this->meter({.action = "export"});
  now_ += 2s;
  meter.update(3'000'000);
  EXPECT_THAT(console_.bars, ElementsAre("export  3,000,000 bets  1,500,000/s"));
}

TEST_F(ProgressMeterTest, TotalMayBeKnownLate) {
  console_.width = 120;
  auto meter = this->meter({.action = "verify", .unit = "bytes"});
  now_ += 10s;
  meter.update(500, 1'000);
  EXPECT_THAT(console_.bars, ElementsAre("verify [############............]  50%  500 of 1,000 "
                                         "bytes  50/s  0:10 left"));
}

TEST_F(ProgressMeterTest, BarIsRedrawnTenTimesASecondAtMost) {
  console_.width = 120;
  auto meter = this->meter({.action = "envio", .total = 100'000});
  for (std::uint64_t done = 0; done < 1'000; ++done) {
    now_ += 1ms;
    meter.update(done);
  }
  EXPECT_EQ(console_.bars.size(), 10U);
}

TEST_F(ProgressMeterTest, BarFitsIntoANarrowTerminal) {
  console_.width = 20;
  auto meter = this->meter({.action = "envio", .total = 100});
  now_ += 1s;
  meter.update(50);
  EXPECT_THAT(console_.bars, ElementsAre("envio [############"));
}

TEST_F(ProgressMeterTest, BarIsTakenAwayAtTheEnd) {
  console_.width = 120;
  { auto meter = this->meter({.action = "envio"}); }
  EXPECT_THAT(console_.bars, ElementsAre(""));
}

TEST_F(ProgressMeterTest, WithoutATerminalALineNowAndThen) {
  auto meter = this->meter({.action = "envio", .total = 100});
  for (std::uint64_t done = 1; done <= 11; ++done) {
    now_ += 1s;
    meter.update(done);
  }
  EXPECT_THAT(
      console_.said,
      ElementsAre(
          "action: envio | result: in_progress | apuestas: 5 | total: 100 | por_segundo: 1",
          "action: envio | result: in_progress | apuestas: 10 | total: 100 | por_segundo: 1"));
  EXPECT_THAT(console_.bars, IsEmpty());
}

TEST_F(ProgressMeterTest, QuietSaysNothing) {
  auto meter = this->meter({.action = "envio", .quiet = true});
  now_ += 1h;
  meter.update(1);
  EXPECT_THAT(console_.said, IsEmpty());
}

TEST_F(ProgressMeterTest, NothingBreaksAtTheEdges) {
  console_.width = 120;
  auto meter = this->meter({.action = "envio", .total = 3});
  now_ += 1h;
  meter.update(0);
  now_ += 1h;
  meter.update(4);
  EXPECT_THAT(console_.bars,
              ElementsAre("envio [........................]   0%  0 of 3 bets  0/s",
                          "envio [########################] 100%  4 of 3 bets  0/s"));
}

TEST(ProgressTextTest, NumbersAndTimesAreReadable) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(1'000), "1,000");
  EXPECT_EQ(with_thousands(1'234'567), "1,234,567");
  EXPECT_EQ(as_clock(7s), "0:07");
  EXPECT_EQ(as_clock(12min + 34s), "12:34");
  EXPECT_EQ(as_clock(1h + 2min + 3s), "1:02:03");
}

}  // namespace
}  // namespace sorteo::cli
