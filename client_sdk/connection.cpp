#include "client_sdk/connection.hpp"

#include <fcntl.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

namespace sorteo::client {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Handled together at most: a peer that sends without end must not hold the caller up.
constexpr int kMaxEvents = 4;

std::string describe_failure(const asio::ip::tcp::endpoint& last, std::size_t addresses,
                             const error_code& error) {
  if (addresses == 1) {
    return error.message();
  }
  return error.message() + " (the last of " + std::to_string(addresses) + " addresses, " +
         last.address().to_string() + ")";
}

}  // namespace

Connection::Connection() = default;

Connection::Opened Connection::open(const std::vector<asio::ip::tcp::endpoint>& endpoints,
                                    Clock::time_point deadline) {
  error_code error = asio::error::host_not_found;
  for (std::size_t at = 0; at < endpoints.size(); ++at) {
    const auto now = Clock::now();
    const auto left = static_cast<Clock::rep>(endpoints.size() - at);
    try {
      auto connection = std::make_unique<Connection>();
      if (connection->connect(endpoints[at], now + (deadline - now) / left, error)) {
        return connection;
      }
    } catch (const boost::system::system_error& no_descriptor) {  // from the io_context
      error = no_descriptor.code();
    }
  }
  return ConnectFault{error == asio::error::timed_out,
                      describe_failure(endpoints.back(), endpoints.size(), error)};
}

bool Connection::connect(const asio::ip::tcp::endpoint& endpoint, Clock::time_point deadline,
                         error_code& error) {
  // Overwritten by what connecting comes to; what stays when nothing does by the deadline.
  error = asio::error::timed_out;
  bool done = false;
  socket_.async_connect(endpoint, [&](error_code result) {
    error = result;
    done = true;
  });
  while (!done && run_one_until(deadline)) {
  }
  if (!done || error) {
    return false;  // the caller destroys the connection, and the handler unrun with it
  }
  // A program that the agency's program starts must not keep the connection open.
  ::fcntl(socket_.native_handle(), F_SETFD, FD_CLOEXEC);
  error_code ignored;  // a server without it answers later, and that is all
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  read();
  return true;
}

void Connection::read() {
  socket_.async_read_some(asio::buffer(received_), [this](error_code error, std::size_t bytes) {
    if (error) {
      // What broke the writing tells more than the end of the reading that follows from it.
      ended_ = write_error_ ? write_error_ : error;
      return;
    }
    arrived_.append(reinterpret_cast<const char*>(received_.data()), bytes);
    read();
  });
}

void Connection::write(std::string bytes) {
  outgoing_ = std::move(bytes);
  writing_ = true;
  asio::async_write(socket_, asio::buffer(outgoing_), [this](error_code error, std::size_t) {
    if (error) {
      // Answers may still lie in the socket: the reading goes on to its own end. Until then nothing
      // more is written, for `writing_` stays.
      write_error_ = error;
      return;
    }
    writing_ = false;
  });
}

bool Connection::run_one_until(Clock::time_point deadline) {
  io_.restart();
  return io_.run_one_until(deadline) != 0;
}

void Connection::poll() {
  io_.restart();
  for (int events = 0; events < kMaxEvents && io_.poll_one() != 0; ++events) {
  }
}

}  // namespace sorteo::client
