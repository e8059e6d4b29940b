#pragma once

#include <boost/asio/ip/tcp.hpp>

namespace sorteo {

/// Lets the system ask a silent peer for a sign of life, so that a connection whose peer has lost
/// its power or its network ends after about two minutes, also while it waits for an answer.
void watch_for_loss(boost::asio::ip::tcp::socket& socket) noexcept;

/// Whether the peer has ended its stream or reset the connection, whatever is still unread before
/// that. For a connection that is not being read from, which would tell.
bool has_peer_ended(boost::asio::ip::tcp::socket& socket) noexcept;

}  // namespace sorteo
