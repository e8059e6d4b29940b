#pragma once

#include <boost/system/result.hpp>

#include "apps/cli/byte_source.hpp"
#include "apps/cli/delivery_report.hpp"
#include "client_sdk/outbox_options.hpp"

namespace sorteo::cli {

/// Opens the outbox of a submission, which makes it if it is not there, says what earlier runs have
/// left in it, and closes it again. Errors: why it cannot be opened, as that it is of another file
/// or in use.
boost::system::result<EarlierRuns, InputError> check_outbox(const client::OutboxOptions& options);

}  // namespace sorteo::cli
