#pragma once

#include <functional>
#include <string>

#include "apps/server/configuration.hpp"
#include "apps/server/exit_code.hpp"
#include "apps/server/process_signals.hpp"
#include "core/log.hpp"

namespace sorteo {

/// Serves until the first signal that asks to stop, and stops in order. With SIGHUP the file at
/// `config_path` is read again. Logs what it does; `set_level` changes what the log keeps.
ExitCode run_server(const Configuration& configuration, const std::string& config_path,
                    ProcessSignals& signals, Log& log,
                    const std::function<void(LogLevel)>& set_level);

}  // namespace sorteo
