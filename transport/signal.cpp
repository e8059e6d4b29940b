#include "transport/signal.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace sorteo {

namespace asio = boost::asio;

asio::awaitable<void> Signal::wait() {
  boost::system::error_code cancelled;
  is_waiting_ = true;
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  is_waiting_ = false;
}

void Signal::notify() {
  if (is_waiting_) {
    timer_.cancel();
  }
}

}  // namespace sorteo
