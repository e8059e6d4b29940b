#include "apps/server/run_server.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

#include "apps/server/reload.hpp"
#include "apps/server/service.hpp"
#include "core/store_error.hpp"

namespace sorteo {
namespace {

// Each connection is a descriptor, and the soft limit is often only 1024.
void raise_file_limit(Log& log) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) == 0) {
      log.write(LogLevel::kInfo,
                LogLine("file_limit", "success").with("max_open_files", limit.rlim_cur).str());
      return;
    }
  }
  log.write(LogLevel::kWarning,
            LogLine("file_limit", "fail").with("error", std::strerror(errno)).str());
}

void log_start(const Configuration& config, const std::string& config_path, Log& log) {
  log.write(LogLevel::kInfo, LogLine("start", "in_progress")
                                 .with("version", SORTEO_VERSION)
                                 .with("pid", ::getpid())
                                 .str());
  log.write(LogLevel::kInfo, LogLine("config", "success")
                                 .with("file", config_path)
                                 .with("agencies", config.draw.agencies)
                                 .with("winning_number", config.draw.winning_number)
                                 .with("storage", word_of(config.storage.type))
                                 .with("log_level", word_of(config.log_level))
                                 .str());
}

ExitCode code_of(const StoreFailure& failure) {
  if (failure.code == StoreError::kDamaged) {
    return ExitCode::kStoreDamaged;
  }
  return failure.code == StoreError::kLocked ? ExitCode::kStoreInUse : ExitCode::kStoreNotOpen;
}

// What is acknowledged nowhere any more needs no long goodbye.
constexpr std::chrono::milliseconds kFailedGrace{1000};

// Reads the configuration again as often as it is asked to, waits until it is time to stop, and
// says how long that may take.
std::chrono::milliseconds await_end(ProcessSignals& signals, Reload& reload, Log& log) {
  auto signal = signals.wait();
  for (; signal == SIGHUP; signal = signals.wait()) {
    reload.run();
  }
  std::chrono::milliseconds grace = reload.configuration().shutdown_grace;
  if (signal) {
    log.write(LogLevel::kInfo, LogLine("stop", "in_progress")
                                   .with("signal", *signal == SIGINT ? "SIGINT" : "SIGTERM")
                                   .with("grace_ms", grace.count())
                                   .str());
    return grace;
  }
  grace = std::min(grace, kFailedGrace);
  log.write(LogLevel::kError, LogLine("stop", "in_progress")
                                  .with("error", "the store has failed")
                                  .with("grace_ms", grace.count())
                                  .str());
  return grace;
}

}  // namespace

ExitCode run_server(const Configuration& configuration, const std::string& config_path,
                    ProcessSignals& signals, Log& log,
                    const std::function<void(LogLevel)>& set_level) {
  log_start(configuration, config_path, log);
  raise_file_limit(log);
  std::atomic<bool> has_failed = false;
  StorageOptions storage = configuration.storage;
  storage.file.on_failed = [&has_failed, &signals] {
    has_failed = true;
    signals.interrupt();
  };
  auto store = open_store(storage, log);
  if (store.has_error()) {
    log.write(LogLevel::kError,
              LogLine("open_store", "fail").with("error", store.error().message).str());
    return code_of(store.error());
  }
  Service service(configuration, std::move(*store), log);
  if (const auto failure = service.start()) {
    log.write(LogLevel::kError, LogLine("listen", "fail").with("error", *failure).str());
    return ExitCode::kCannotListen;
  }
  log.write(LogLevel::kInfo, LogLine("start", "success").str());
  Reload reload(config_path, configuration, service, set_level, log);
  const auto grace = await_end(signals, reload, log);
  const bool stopped = service.stop(grace) && !has_failed;
  log.write(stopped ? LogLevel::kInfo : LogLevel::kError,
            LogLine("stop", stopped ? "success" : "fail").str());
  if (has_failed) {
    return ExitCode::kStoreFailed;
  }
  return stopped ? ExitCode::kSuccess : ExitCode::kFailed;
}

}  // namespace sorteo
