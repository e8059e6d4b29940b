#include "apps/common/spdlog_log.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <thread>

namespace sorteo {
namespace {

using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

struct LostLines {
  long reports = 0;
  long lines = 0;
};

LostLines lost_lines_in(const std::string& text) {
  const std::string key = "lost_lines: ";
  LostLines lost;
  for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at + 1)) {
    ++lost.reports;
    lost.lines += std::stol(text.substr(at + key.size()));
  }
  return lost;
}

// Logs into a pipe, whose reader reads only when it is asked to.
class SpdlogLogTest : public testing::Test {
 protected:
  SpdlogLogTest() { EXPECT_EQ(::pipe2(pipe_, O_CLOEXEC), 0); }
  ~SpdlogLogTest() override {
    ::close(pipe_[0]);
    close_writer();
  }

  SpdlogLogOptions options() const {
    return {.descriptor = pipe_[1], .patience = std::chrono::milliseconds(60'000)};
  }

  void close_writer() {
    if (pipe_[1] >= 0) {
      ::close(pipe_[1]);
      pipe_[1] = -1;
    }
  }

  // Everything that was written; the log must have been destroyed.
  std::string written() {
    close_writer();
    return read_to_end();
  }

  std::string read_to_end() {
    std::string text;
    char buffer[4096];
    for (ssize_t count = 0; (count = ::read(pipe_[0], buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(count));
    }
    return text;
  }

  int pipe_[2] = {-1, -1};
};

TEST_F(SpdlogLogTest, ALineHasTimeLevelAndText) {
  SpdlogLog(options()).write(LogLevel::kInfo, "action: config | result: success");
  EXPECT_THAT(written(), MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2} "
                                      "[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3} "
                                      "INFO     action: config \\| result: success\n"));
}

TEST_F(SpdlogLogTest, LevelsAreWrittenOutAndAligned) {
  SpdlogLogOptions all = options();
  all.level = LogLevel::kDebug;
  {
    SpdlogLog log(all);
    log.write(LogLevel::kDebug, "a");
    log.write(LogLevel::kInfo, "b");
    log.write(LogLevel::kWarning, "c");
    log.write(LogLevel::kError, "d");
  }
  EXPECT_THAT(written(), MatchesRegex(".* DEBUG    a\n.* INFO     b\n.* WARNING  c\n"
                                      ".* ERROR    d\n"));
}

TEST_F(SpdlogLogTest, LinesUnderTheLevelAreNotKept) {
  SpdlogLogOptions some = options();
  some.level = LogLevel::kWarning;
  {
    SpdlogLog log(some);
    EXPECT_FALSE(log.enabled(LogLevel::kInfo));
    EXPECT_TRUE(log.enabled(LogLevel::kWarning));
    log.write(LogLevel::kInfo, "hidden");
    log.write(LogLevel::kError, "shown");
  }
  const std::string text = written();
  EXPECT_THAT(text, Not(HasSubstr("hidden")));
  EXPECT_THAT(text, HasSubstr("shown"));
}

TEST_F(SpdlogLogTest, ALineIsWrittenWithoutWaitingForTheNext) {
  SpdlogLog log(options());
  log.write(LogLevel::kInfo, "first");
  char byte = 0;
  EXPECT_EQ(::read(pipe_[0], &byte, 1), 1);  // would hang if it were kept back
}

TEST_F(SpdlogLogTest, BracesAreNoFormat) {
  SpdlogLog(options()).write(LogLevel::kInfo, "{} {0} %v");
  EXPECT_THAT(written(), EndsWith(" {} {0} %v\n"));
}

TEST_F(SpdlogLogTest, LinesOfSeveralThreadsStayWhole) {
  std::string text;
  std::thread reader([&] { text = read_to_end(); });
  {
    SpdlogLog log(options());
    const auto write_many = [&log](char letter) {
      for (int line = 0; line < 1'000; ++line) {
        log.write(LogLevel::kInfo, std::string(50, letter));
      }
    };
    std::thread other(write_many, 'a');
    write_many('b');
    other.join();
  }
  close_writer();
  reader.join();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2'000);
  EXPECT_THAT(text, Not(ContainsRegex("ab|ba")));
}

TEST_F(SpdlogLogTest, AReaderWhoStallsHoldsUpNobodyAndLearnsWhatItMissed) {
  SpdlogLogOptions small = options();
  small.max_queued_bytes = 64 * 1024;
  std::optional<SpdlogLog> log(std::in_place, small);
  constexpr int kLines = 10'000;  // more than the pipe and the queue hold
  for (int line = 0; line < kLines; ++line) {
    log->write(LogLevel::kInfo, "line " + std::to_string(line));
  }
  std::string text;
  std::thread reader([&] { text = read_to_end(); });
  log.reset();
  close_writer();
  reader.join();
  EXPECT_THAT(text, HasSubstr(" WARNING  action: log | result: fail | lost_lines: "));
  EXPECT_THAT(text, EndsWith("line 9999\n"));
  const LostLines lost = lost_lines_in(text);
  const auto lines = std::count(text.begin(), text.end(), '\n');
  EXPECT_EQ(lines - lost.reports + lost.lines, kLines);
}

TEST_F(SpdlogLogTest, AReaderWhoStallsForEverDoesNotHoldUpTheEnd) {
  SpdlogLogOptions hasty = options();
  hasty.patience = std::chrono::milliseconds(1);
  SpdlogLog log(hasty);
  for (int line = 0; line < 10'000; ++line) {
    log.write(LogLevel::kInfo, "a line that nobody reads");
  }
}  // would hang

TEST_F(SpdlogLogTest, AReaderWhoHasGoneIsNoTrouble) {
  std::signal(SIGPIPE, SIG_IGN);
  ::close(pipe_[0]);
  SpdlogLog log(options());
  log.write(LogLevel::kInfo, "nobody hears it");
  pipe_[0] = -1;
}

}  // namespace
}  // namespace sorteo
