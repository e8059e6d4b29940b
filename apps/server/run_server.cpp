#include "apps/server/run_server.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

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

}  // namespace

ExitCode run_server(const Configuration& configuration, const std::string& config_path,
                    StopSignals& signals, Log& log) {
  log_start(configuration, config_path, log);
  raise_file_limit(log);
  auto store = open_store(configuration.storage, log);
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
  const int signal = signals.wait();
  log.write(LogLevel::kInfo, LogLine("stop", "in_progress")
                                 .with("signal", signal == SIGINT ? "SIGINT" : "SIGTERM")
                                 .with("grace_ms", configuration.shutdown_grace.count())
                                 .str());
  const bool stopped = service.stop(configuration.shutdown_grace);
  log.write(stopped ? LogLevel::kInfo : LogLevel::kError,
            LogLine("stop", stopped ? "success" : "fail").str());
  return stopped ? ExitCode::kSuccess : ExitCode::kFailed;
}

}  // namespace sorteo
