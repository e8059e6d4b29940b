#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace sorteo {

/// Lets one coroutine wait until something on its own thread says that things have changed. A call
/// of notify() while nobody waits is forgotten: look first, then wait.
class Signal final {
 public:
  explicit Signal(const boost::asio::any_io_executor& executor)
      : timer_(executor, boost::asio::steady_timer::time_point::max()) {}

  boost::asio::awaitable<void> wait();
  void notify();

 private:
  boost::asio::steady_timer timer_;  // never expires; its cancellation is the signal
  bool is_waiting_ = false;
};

}  // namespace sorteo
