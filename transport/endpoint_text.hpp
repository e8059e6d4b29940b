#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <string>

namespace sorteo {

/// `127.0.0.1:40112`, or `[::1]:40112`, for logs.
std::string endpoint_text(const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace sorteo
