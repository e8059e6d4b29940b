#pragma once

#include "apps/cli/console.hpp"
#include "apps/cli/exit_code.hpp"
#include "client_sdk/client.hpp"

namespace sorteo::cli {

/// Prints one document a line, and logs how many: `action: consulta_ganadores | result: success`.
[[nodiscard]] ExitCode print_winners(const client::Winners& winners, Console& console);

/// Logs that there are no winners to print, and why.
[[nodiscard]] ExitCode report_no_winners(ExitCode code, std::string_view why, Console& console);

/// The code for a failure of a question.
ExitCode exit_code_of(const client::Failure& failure) noexcept;

}  // namespace sorteo::cli
