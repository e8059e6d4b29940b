#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace sorteo {

/// Takes in, unseen, what the peer still sends after the end of our own stream, until it closes or
/// has sent too much; the caller bounds the time by closing the socket. Closing with bytes unread
/// would reset the connection, and could cost the peer answers that it has not read yet (RFC 1122,
/// 4.2.2.13).
boost::asio::awaitable<void> take_in_rest(boost::asio::ip::tcp::socket& socket);

}  // namespace sorteo
