#include "client_sdk/name_resolver.hpp"

#include <netdb.h>

#include <boost/asio/ip/address.hpp>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace sorteo::client {
namespace {

namespace ip = boost::asio::ip;

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};

NameResolver::Found ask_system(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  if (const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list); error != 0) {
    const int system_error = errno;
    return ResolveFault{false, error == EAI_SYSTEM ? std::generic_category().message(system_error)
                                                   : std::string(gai_strerror(error))};
  }
  const std::unique_ptr<addrinfo, FreeAddresses> owner(list);
  NameResolver::Endpoints endpoints;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    ip::tcp::endpoint endpoint;
    if (entry->ai_addrlen <= endpoint.capacity()) {
      std::memcpy(endpoint.data(), entry->ai_addr, entry->ai_addrlen);
      endpoint.resize(entry->ai_addrlen);
      endpoint.port(port);
      endpoints.push_back(endpoint);
    }
  }
  return endpoints;
}

}  // namespace

// Where the thread that looks up leaves what it found. The thread and the resolver share it,
// because either may be done with it first.
class NameResolver::Mailbox final {
 public:
  Mailbox(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {}

  bool is_for(const std::string& host, std::uint16_t port) const noexcept {
    return host_ == host && port_ == port;
  }

  void look_up(const Lookup& lookup) noexcept {
    try {
      put(lookup(host_, port_));
    } catch (const std::exception& error) {
      put(ResolveFault{false, error.what()});
    }
  }

  std::optional<Found> take(Clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    arrived_.wait_until(lock, deadline, [this] { return found_.has_value(); });
    return std::move(found_);
  }

 private:
  void put(Found found) {
    {
      const std::lock_guard lock(mutex_);
      found_ = std::move(found);
    }
    arrived_.notify_one();
  }

  const std::string host_;
  const std::uint16_t port_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::optional<Found> found_;
};

NameResolver::NameResolver() : NameResolver(ask_system) {}

NameResolver::NameResolver(Lookup lookup) : lookup_(std::move(lookup)) {}

NameResolver::Found NameResolver::resolve(const std::string& host, std::uint16_t port,
                                          Clock::time_point deadline) {
  boost::system::error_code not_numeric;
  const ip::address address = ip::make_address(host, not_numeric);
  if (!not_numeric) {
    return Endpoints{{address, port}};
  }
  if (!pending_ || !pending_->is_for(host, port)) {
    auto mailbox = std::make_shared<Mailbox>(host, port);
    try {
      std::thread([mailbox, lookup = lookup_] { mailbox->look_up(lookup); }).detach();
    } catch (const std::system_error& error) {
      return ResolveFault{false, "no thread to look the name up: " + error.code().message()};
    }
    pending_ = std::move(mailbox);
  }
  auto found = pending_->take(deadline);
  if (!found) {
    return ResolveFault{true, "the lookup was not done in time"};
  }
  pending_.reset();
  if (found->has_value() && (*found)->empty()) {
    return ResolveFault{false, "the host has no address"};
  }
  return std::move(*found);
}

}  // namespace sorteo::client
