#pragma once

#include <boost/system/error_code.hpp>

#include "core/reply.hpp"

namespace sorteo {

/// What a client is told when the store has called back: OK, or why the bets were refused. Does not
/// throw, because the store's callbacks must not: without memory for the reason it says INTERNAL.
Reply append_reply(boost::system::error_code error) noexcept;

}  // namespace sorteo
