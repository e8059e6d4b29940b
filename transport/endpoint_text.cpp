#include "transport/endpoint_text.hpp"

namespace sorteo {

std::string endpoint_text(const boost::asio::ip::tcp::endpoint& endpoint) {
  std::string address = endpoint.address().to_string();
  if (endpoint.address().is_v6()) {
    address = "[" + address + "]";
  }
  return address + ":" + std::to_string(endpoint.port());
}

}  // namespace sorteo
