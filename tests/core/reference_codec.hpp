#pragma once

#include <boost/system/result.hpp>
#include <cstdint>

#include "core/batch.hpp"

/// The codec as plainly as it can be written, one field after the other: what the fast one of core
/// is held against, down to the sentences that a client is told.
namespace sorteo::test::reference {

boost::system::result<BetView, DecodeFault> decode_bet(ByteView bytes);
boost::system::result<Batch, DecodeFault> decode_packets(std::uint32_t agency, ByteView packets);

}  // namespace sorteo::test::reference
