#pragma once

#include <boost/system/error_code.hpp>
#include <string_view>

#include "core/handler.hpp"
#include "core/log.hpp"
#include "core/version2_error.hpp"

namespace sorteo {

/// Answers `request` with the Error of `code`, and logs that `action` failed. `sentence` holds
/// nothing of a customer.
void refuse(const Request& request, v2::ErrorCode code, std::string_view action,
            std::string_view sentence, Log& log, Responder responder);

/// The Error for what a store did not do.
v2::Error store_error(boost::system::error_code error, std::uint8_t request);

}  // namespace sorteo
