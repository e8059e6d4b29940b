#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apps/server/configuration.hpp"
#include "apps/server/service.hpp"
#include "core/log.hpp"

namespace sorteo {

/// Reads the configuration of a running server again. It is checked as at the start, and then
/// applied whole or not at all: one that changes what needs a restart is refused, and the log names
/// those keys. The files of TLS are read again even if no key has changed. Not thread-safe.
class Reload final {
 public:
  /// `running` was read from the file at `path`. The references outlive this.
  Reload(std::string path, Configuration running, Service& service,
         const std::function<void(LogLevel)>& set_level, Log& log)
      : path_(std::move(path)),
        running_(std::move(running)),
        service_(service),
        set_level_(set_level),
        log_(log) {}

  /// Logs `action: reload`, with what has changed or why nothing has.
  void run();

  /// What the server works by now.
  const Configuration& configuration() const noexcept { return running_; }

 private:
  void refuse(const std::string& why) const;

  const std::string path_;
  Configuration running_;
  Service& service_;
  const std::function<void(LogLevel)>& set_level_;
  Log& log_;
};

/// Whether the value of `key`, as `limits.idle_timeout_ms`, can change while the server runs.
bool can_be_reloaded(const std::string& key) noexcept;

}  // namespace sorteo
