#include <gmock/gmock.h>

#include "apps/cli/duration.hpp"
#include "apps/cli/endpoint.hpp"

namespace sorteo::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(EndpointTest, ReadsNamesAndAddresses) {
  EXPECT_EQ(*parse_endpoint("127.0.0.1:12345"), (Endpoint{"127.0.0.1", 12345}));
  EXPECT_EQ(*parse_endpoint("lottery.example:1"), (Endpoint{"lottery.example", 1}));
  EXPECT_EQ(*parse_endpoint("[::1]:65535"), (Endpoint{"::1", 65535}));
}

TEST(EndpointTest, SaysWhatIsWrong) {
  const auto error = [](std::string_view text) { return parse_endpoint(text).error().message; };
  EXPECT_EQ(error("localhost"),
            "\"localhost\" names no port: expected HOST:PORT, like 127.0.0.1:12345");
  EXPECT_THAT(error("[::1]"), HasSubstr("names no port"));
  EXPECT_THAT(error("::1"), HasSubstr("an IPv6 address stands in brackets"));
  EXPECT_THAT(error("::1:12345"), HasSubstr("an IPv6 address stands in brackets"));
  EXPECT_THAT(error("[::1:12345"), HasSubstr("an IPv6 address stands in brackets"));
  EXPECT_THAT(error(":12345"), HasSubstr("names no host"));
  EXPECT_THAT(error("[]:12345"), HasSubstr("names no host"));
  for (const char* port : {"", "0", "65536", "99999999999", "http", "-1", "+1", " 1", "1 "}) {
    EXPECT_THAT(error("host:" + std::string(port)), HasSubstr("expected a number from 1 to 65535"))
        << port;
  }
}

TEST(DurationTest, ReadsEveryUnit) {
  EXPECT_EQ(*parse_duration("250ms"), 250ms);
  EXPECT_EQ(*parse_duration("30s"), 30s);
  EXPECT_EQ(*parse_duration("30"), 30s);
  EXPECT_EQ(*parse_duration("10m"), 10min);
  EXPECT_EQ(*parse_duration("2h"), 2h);
  EXPECT_EQ(*parse_duration("0"), 0s);
}

TEST(DurationTest, SaysWhatIsWrong) {
  for (const char* text : {"", "s", "1d", "-1s", "1.5s", "1 s", "1s ", "99999999999ms"}) {
    EXPECT_THAT(parse_duration(text).error().message, HasSubstr("is no time")) << text;
  }
  EXPECT_THAT(parse_duration("4294967295h").error().message, HasSubstr("longer than a year"));
}

}  // namespace
}  // namespace sorteo::cli
