#include "apps/common/spdlog_log.hpp"

#include <spdlog/async.h>
#include <spdlog/pattern_formatter.h>

#include <utility>

#include "apps/common/stream_sink.hpp"

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

}  // namespace

struct SpdlogLog::Impl {
  explicit Impl(const SpdlogLogOptions& options)
      : patience(options.patience),
        queue(std::make_shared<spdlog::details::thread_pool>(options.max_queued_lines, 1)),
        sink(std::make_shared<StreamSink>(options.descriptor, *queue)),
        logger(std::make_shared<spdlog::async_logger>(
            "sorteo", sink, queue, spdlog::async_overflow_policy::overrun_oldest)) {
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<LevelFlag>('*').set_pattern("%Y-%m-%d %H:%M:%S.%e %*%v");
    logger->set_formatter(std::move(formatter));
    logger->set_level(level_of(options.level));
    // A line that cannot be written cannot be complained about either.
    logger->set_error_handler([](const std::string&) {});
  }

  const std::chrono::milliseconds patience;
  std::shared_ptr<spdlog::details::thread_pool> queue;
  const std::shared_ptr<StreamSink> sink;
  const std::shared_ptr<spdlog::async_logger> logger;  // shared, as spdlog's queue wants it
};

SpdlogLog::SpdlogLog(SpdlogLogOptions options) : impl_(std::make_unique<Impl>(options)) {}

SpdlogLog::~SpdlogLog() {
  impl_->sink->hurry(impl_->patience);
  impl_->queue.reset();  // joins its thread, which goes through the queue first
  impl_->sink->flush();
}

bool SpdlogLog::enabled(LogLevel level) const noexcept {
  return impl_->logger->should_log(level_of(level));
}

void SpdlogLog::write(LogLevel level, std::string_view line) noexcept {
  try {
    impl_->logger->log(level_of(level), spdlog::string_view_t(line.data(), line.size()));
  } catch (...) {
    // Out of memory: the line is lost, and the program goes on.
  }
}

}  // namespace sorteo
