#include <gtest/gtest.h>

#include <new>
#include <string>
#include <vector>

#include "core/log.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo {
namespace {

TEST(LogLineTest, HasTheFormThatTheScriptsRead) {
  EXPECT_EQ(LogLine("sorteo", "success").str(), "action: sorteo | result: success");
  EXPECT_EQ(LogLine("apuesta_recibida", "success").with("cantidad", 100).str(),
            "action: apuesta_recibida | result: success | cantidad: 100");
  EXPECT_EQ(LogLine("listen", "success").with("ip", "127.0.0.1").with("port", 12345).str(),
            "action: listen | result: success | ip: 127.0.0.1 | port: 12345");
}

TEST(LogLineTest, WritesIntegersWhole) {
  EXPECT_EQ(LogLine("a", "b").with("min", INT64_MIN).with("max", UINT64_MAX).str(),
            "action: a | result: b | min: -9223372036854775808 | max: 18446744073709551615");
}

TEST(LogLineTest, ControlCharactersCannotForgeALine) {
  EXPECT_EQ(LogLine("a", "fail").with("error", "x\r\naction: sorteo\x1B[2J").str(),
            "action: a | result: fail | error: x\\x0D\\x0Aaction: sorteo\\x1B[2J");
}

TEST(LogLineTest, BarsCannotForgeAKey) {
  EXPECT_EQ(LogLine("a", "fail").with("error", "x | result: success").str(),
            "action: a | result: fail | error: x / result: success");
}

TEST(LogLineTest, IllFormedBytesAreEscaped) {
  EXPECT_EQ(LogLine("a", "b").with("k", "\xFF").str(), "action: a | result: b | k: \\xFF");
}

TEST(LogLineTest, LongValuesAreCut) {
  const std::string most(1024, 'x');
  EXPECT_EQ(LogLine("a", "b").with("k", most).str(), "action: a | result: b | k: " + most);
  EXPECT_EQ(LogLine("a", "b").with("k", most + "y").str(),
            "action: a | result: b | k: " + most + "...");
}

TEST(WriteLineTest, BuildsNoLineThatIsNotWanted) {
  test::RecordingLog log(LogLevel::kWarning);
  bool built = false;
  write_line(log, LogLevel::kInfo, [&] {
    built = true;
    return LogLine("a", "b");
  });
  EXPECT_FALSE(built);
  write_line(log, LogLevel::kWarning, [] { return LogLine("a", "b"); });
  EXPECT_EQ(log.texts(), std::vector<std::string>{"action: a | result: b"});
}

TEST(WriteLineTest, LineThatCannotBeBuiltIsSaidToBeLost) {
  test::RecordingLog log;
  write_line(log, LogLevel::kInfo, []() -> LogLine { throw std::bad_alloc(); });
  EXPECT_EQ(log.texts(),
            std::vector<std::string>{"action: log | result: fail | error: out of memory"});
}

}  // namespace
}  // namespace sorteo
