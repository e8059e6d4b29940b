#pragma once

#include <string>

#include "apps/server/configuration.hpp"
#include "apps/server/exit_code.hpp"
#include "apps/server/stop_signals.hpp"
#include "core/log.hpp"

namespace sorteo {

/// Serves until the first signal and stops in order. Logs what it does; `config_path` is for the
/// log.
ExitCode run_server(const Configuration& configuration, const std::string& config_path,
                    StopSignals& signals, Log& log);

}  // namespace sorteo
