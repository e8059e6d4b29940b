#include "transport/closing.hpp"

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>

namespace sorteo {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxRest = 4 * 1024 * 1024;

}  // namespace

asio::awaitable<void> take_in_rest(asio::ip::tcp::socket& socket) {
  boost::system::error_code error;
  std::array<std::byte, 4096> unseen;
  for (std::size_t total = 0; !error && total < kMaxRest;) {
    total += co_await socket.async_read_some(asio::buffer(unseen),
                                             asio::redirect_error(asio::use_awaitable, error));
  }
}

}  // namespace sorteo
