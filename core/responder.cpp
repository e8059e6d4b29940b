#include "core/responder.hpp"

#include <utility>

namespace sorteo {

Responder::Responder(std::shared_ptr<ReplySink> sink, std::uint64_t request) noexcept
    : sink_(std::move(sink)), request_(request) {}

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this != &other) {
    Responder dropped(std::move(*this));
    sink_ = std::move(other.sink_);
    request_ = other.request_;
  }
  return *this;
}

Responder::~Responder() {
  if (sink_ != nullptr) {
    send(error_reply("INTERNAL"));
  }
}

void Responder::send(Reply reply) noexcept {
  if (const auto sink = std::exchange(sink_, nullptr)) {
    sink->deliver(request_, std::move(reply));
  }
}

}  // namespace sorteo
