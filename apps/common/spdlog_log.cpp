#include "apps/common/spdlog_log.hpp"

#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "apps/common/line_queue.hpp"
#include "apps/common/stream_writer.hpp"

namespace sorteo {
namespace {

spdlog::level::level_enum level_of(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

// `INFO     `: the level in capitals, as wide as the longest with a blank behind it.
class LevelFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& to) override {
    const std::string_view name = name_of(message.level);
    to.append(name.data(), name.data() + name.size());
  }

  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<LevelFlag>();
  }

 private:
  static std::string_view name_of(spdlog::level::level_enum level) noexcept {
    switch (level) {
      case spdlog::level::debug:
        return "DEBUG    ";
      case spdlog::level::warn:
        return "WARNING  ";
      case spdlog::level::err:
        return "ERROR    ";
      default:
        return "INFO     ";
    }
  }
};

std::unique_ptr<spdlog::formatter> make_formatter() {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<LevelFlag>('*').set_pattern("%Y-%m-%d %H:%M:%S.%e %*%v");
  return formatter;
}

spdlog::details::log_msg message_of(LogLevel level, std::string_view line) {
  return {{}, level_of(level), spdlog::string_view_t(line.data(), line.size())};
}

}  // namespace

class SpdlogLog::Impl final {
 public:
  explicit Impl(const SpdlogLogOptions& options)
      : options_(options),
        level_(options.level),
        formatter_(make_formatter()),
        queue_(options.max_queued_bytes),
        writer_(options.descriptor),
        thread_([this] { run(); }) {}

  ~Impl() {
    writer_.hurry(options_.patience);
    queue_.close();
    thread_.join();
  }

  bool enabled(LogLevel level) const noexcept {
    return level >= level_.load(std::memory_order_relaxed);
  }

  void set_level(LogLevel level) noexcept { level_.store(level, std::memory_order_relaxed); }

  void write(LogLevel level, std::string_view line) {
    spdlog::memory_buf_t text;
    const std::lock_guard lock(mutex_);
    formatter_->format(message_of(level, line), text);
    queue_.push({text.data(), text.size()});
  }

 private:
  void run() noexcept {
    LineQueue::Block block;
    while (queue_.take(block)) {
      if (block.lost_lines > 0) {
        report_lost_lines(block.lost_lines);
      }
      writer_.write(block.text);
      queue_.rest();
    }
  }

  void report_lost_lines(std::size_t lost) noexcept {
    try {
      spdlog::memory_buf_t text;
      const LogLine line = LogLine("log", "fail").with("lost_lines", lost);
      {
        const std::lock_guard lock(mutex_);
        formatter_->format(message_of(LogLevel::kWarning, line.str()), text);
      }
      writer_.write({text.data(), text.size()});
    } catch (const std::exception&) {
      // Out of memory: more is lost than is said.
    }
  }

  const SpdlogLogOptions options_;
  std::atomic<LogLevel> level_;
  std::mutex mutex_;  // for the formatter, and so that lines stand in the order of their times
  const std::unique_ptr<spdlog::formatter> formatter_;
  LineQueue queue_;
  StreamWriter writer_;
  std::thread thread_;
};

SpdlogLog::SpdlogLog(SpdlogLogOptions options) : impl_(std::make_unique<Impl>(options)) {}

SpdlogLog::~SpdlogLog() = default;

bool SpdlogLog::enabled(LogLevel level) const noexcept { return impl_->enabled(level); }

void SpdlogLog::set_level(LogLevel level) noexcept { impl_->set_level(level); }

void SpdlogLog::write(LogLevel level, std::string_view line) noexcept {
  try {
    if (enabled(level)) {
      impl_->write(level, line);
    }
  } catch (...) {
    // Out of memory: the line is lost, and the program goes on.
  }
}

}  // namespace sorteo
