#include "tests/transport/server_fixture.hpp"

#include <stdexcept>

#include "transport/reply_encoding.hpp"

namespace sorteo::test {
namespace {

Reply packet_reply(std::string_view payload) {
  return {Reply::Envelope::kPacket, 0, std::string(payload)};
}

}  // namespace

std::string frame(std::uint8_t type, std::string_view payload) {
  std::string bytes;
  if (type != 0) {
    append_u8(bytes, type);
  }
  append_u32(bytes, static_cast<std::uint32_t>(payload.size()));
  bytes += payload;
  return bytes;
}

std::string echo(std::string_view payload) {
  std::string bytes;
  encode_reply(bytes, packet_reply(payload));
  return bytes;
}

void HeldRequests::hold(const Request& request, Responder responder) {
  const std::lock_guard lock(mutex_);
  held_.push_back({std::string(as_text(request.message.payload)), std::move(responder)});
  most_ = std::max(most_, held_.size());
  changed_.notify_all();
}

bool HeldRequests::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, RawClient::kTimeout, [&] { return held_.size() >= count; });
}

HeldRequests::Held HeldRequests::take() {
  EXPECT_TRUE(wait_for(1));
  const std::lock_guard lock(mutex_);
  Held oldest = std::move(held_.front());
  held_.erase(held_.begin());
  return oldest;
}

std::size_t HeldRequests::most() const {
  const std::lock_guard lock(mutex_);
  return most_;
}

ServerFixture::ServerFixture() {
  const auto add = [this](std::uint8_t type, std::string name, FunctionHandler::Function function) {
    registry_.add(type, std::make_unique<FunctionHandler>(std::move(name), std::move(function)));
  };
  add(0, "Bet", [](const Request& request, Responder responder) {
    responder.send(packet_reply("bet:" + std::string(as_text(request.message.payload))));
  });
  add(kEcho, "Echo", [](const Request& request, Responder responder) {
    responder.send(packet_reply(as_text(request.message.payload)));
  });
  add(kHold, "Hold", [held = held_](const Request& request, Responder responder) {
    held->hold(request, std::move(responder));
  });
  add(kThrow, "Thrower",
      [](const Request&, const Responder&) { throw std::runtime_error("broken inside"); });
  add(kDrop, "Dropper", [](const Request&, const Responder&) {});
  add(kLarge, "Large", [](const Request& request, Responder responder) {
    const auto size = std::stoul(std::string(as_text(request.message.payload)));
    responder.send({Reply::Envelope::kMessage, 9, std::string(size, 'x')});
  });
  add(kHello, "Greeter", [](const Request& request, Responder responder) {
    Reply welcome = packet_reply(as_text(request.message.payload));
    welcome.accepts_go_away = true;
    responder.send(std::move(welcome));
  });
  options_.threads = 2;
}

ServerFixture::~ServerFixture() = default;

Server& ServerFixture::start() {
  if (server_ == nullptr) {
    server_ = std::make_unique<Server>(options_, registry_, log_);
    EXPECT_EQ(server_->start(), std::nullopt);
  }
  return *server_;
}

RawClient ServerFixture::connect() { return RawClient(start().port()); }

bool ServerFixture::wait_until(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + RawClient::kTimeout;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

bool ServerFixture::wait_for_log(std::string_view part) const {
  return wait_until([&] { return log_.contains(part); });
}

std::size_t ServerFixture::count_log(std::string_view part) const {
  std::size_t count = 0;
  for (const auto& line : log_.lines()) {
    count += line.text.find(part) != std::string::npos ? 1 : 0;
  }
  return count;
}

}  // namespace sorteo::test
