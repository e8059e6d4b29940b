#include "tests/support/faulty_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace sorteo::test {
namespace {

int checked(int result, const char* what) {
  if (result < 0) {
    throw std::system_error(errno, std::generic_category(), what);
  }
  return result;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// So that pieces are sent as they are passed on, and not gathered.
void send_at_once(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

}  // namespace

FaultyProxy::FaultyProxy(std::uint16_t server_port, Planner planner)
    : server_port_(server_port), planner_(std::move(planner)) {
  listener_ = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket");
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof(address);
  checked(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), length), "bind");
  checked(::listen(listener_, 128), "listen");
  checked(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  port_ = ntohs(address.sin_port);
  stop_ = checked(::eventfd(0, EFD_CLOEXEC), "eventfd");
  thread_ = std::thread([this] { serve(); });
}

FaultyProxy::~FaultyProxy() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_, &one, sizeof(one));
  thread_.join();
  ::close(stop_);
  ::close(listener_);
}

ProxyCounts FaultyProxy::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

bool FaultyProxy::wait_until(const std::function<bool(const ProxyCounts&)>& true_of,
                             std::chrono::milliseconds patience) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return true_of(counts_); });
}

void FaultyProxy::serve() {
  std::vector<pollfd> polled;
  for (;;) {
    const auto now = Clock::now();
    polled.assign({{stop_, POLLIN, 0}, {listener_, POLLIN, 0}});
    for (const Open& open : open_) {
      const auto both = open.connection->polls(now);
      polled.insert(polled.end(), both.begin(), both.end());
    }
    ::poll(polled.data(), polled.size(), milliseconds_to_wait(now));
    if (polled[0].revents != 0) {
      open_.clear();
      return;
    }
    accept_all();
    const auto then = Clock::now();
    for (const Open& open : open_) {
      open.connection->turn(then);
    }
    drop_those_that_are_over();
  }
}

int FaultyProxy::milliseconds_to_wait(Clock::time_point now) const {
  std::optional<Clock::time_point> earliest;
  for (const Open& open : open_) {
    if (const auto wakes = open.connection->wakes_at(now)) {
      earliest = std::min(earliest.value_or(*wakes), *wakes);
    }
  }
  if (!earliest) {
    return -1;
  }
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(*earliest - now).count());
}

void FaultyProxy::accept_all() {
  for (;;) {  // a connection a turn
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) {
      return;
    }
    const auto server = connect_to_server();
    if (!server) {
      ::close(client);
      continue;
    }
    send_at_once(client);
    std::uint64_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      number = ++counts_.connections;
      ++counts_.open;
      changed_.notify_all();
    }
    const ProxyPlan plan = planner_(number);
    open_.push_back({plan.act, std::make_unique<ProxyConnection>(client, *server, plan)});
  }
}

// One that is refused is found out by the connection, which then resets the client's end.
std::optional<int> FaultyProxy::connect_to_server() const {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) {
    return std::nullopt;
  }
  send_at_once(fd);
  const sockaddr_in address = loopback(server_port_);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 &&
      errno != EINPROGRESS) {
    ::close(fd);
    return std::nullopt;
  }
  return fd;
}

void FaultyProxy::drop_those_that_are_over() {
  const auto over = std::stable_partition(
      open_.begin(), open_.end(), [](const Open& open) { return !open.connection->is_over(); });
  if (over == open_.end()) {
    return;
  }
  const std::lock_guard lock(mutex_);
  for (auto open = over; open != open_.end(); ++open) {
    --counts_.open;
    if (open->connection->has_acted()) {
      counts_.ended += open->act == ProxyAct::kEnd ? 1 : 0;
      counts_.reset += open->act == ProxyAct::kReset ? 1 : 0;
      counts_.swallowed += open->act == ProxyAct::kSwallow ? 1 : 0;
    }
  }
  open_.erase(over, open_.end());
  changed_.notify_all();
}

}  // namespace sorteo::test
