#include "core/responder.hpp"

#include <utility>

#include "core/version2_reply.hpp"

namespace sorteo {

Responder::Responder(std::shared_ptr<ReplySink> sink, std::uint64_t request,
                     std::uint8_t type) noexcept
    : sink_(std::move(sink)), request_(request), type_(type) {}

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this != &other) {
    Responder dropped(std::move(*this));
    sink_ = std::move(other.sink_);
    request_ = other.request_;
    type_ = other.type_;
  }
  return *this;
}

Responder::~Responder() {
  if (sink_ != nullptr) {
    send(internal_reply(type_));
  }
}

void Responder::send(Reply reply) noexcept {
  if (const auto sink = std::exchange(sink_, nullptr)) {
    sink->deliver(request_, std::move(reply));
  }
}

}  // namespace sorteo
