#include "core/handler_registry.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace sorteo {

void HandlerRegistry::add(std::uint8_t type, std::unique_ptr<Handler> handler) {
  if (handler == nullptr) {
    throw std::invalid_argument("message type " + std::to_string(type) + " was given no handler");
  }
  auto& slot = handlers_[type];
  if (slot != nullptr) {
    throw std::invalid_argument("message type " + std::to_string(type) + " is served by " +
                                std::string(slot->name()) + " and cannot be given to " +
                                std::string(handler->name()) + " as well");
  }
  slot = std::move(handler);
}

}  // namespace sorteo
