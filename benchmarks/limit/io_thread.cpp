#include "benchmarks/limit/io_thread.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "benchmarks/limit/written_space.hpp"

namespace sorteo::limit {

IoThread::IoThread(const Options& options, AgencyCounts& counts, std::function<void()> when_filled)
    : options_(options),
      counts_(counts),
      when_filled_(std::move(when_filled)),
      ring_(options.ring_bytes),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (epoll_ < 0 || event_ < 0) {
    throw_errno("epoll");
  }
  watch(EPOLL_CTL_ADD, event_, EPOLLIN, nullptr);
}

IoThread::~IoThread() {
  ::close(event_);
  ::close(epoll_);
}

void IoThread::adopt(int socket) {
  watch(EPOLL_CTL_ADD, socket, EPOLLIN, new Connection(socket, options_.bets_per_batch, counts_));
}

void IoThread::notify() noexcept {
  const std::uint64_t one = 1;
  // It fails only when the count is full, and then the thread is woken anyway.
  [[maybe_unused]] const ssize_t written = ::write(event_, &one, sizeof one);
}

void IoThread::run() {
  std::array<epoll_event, 128> events;
  while (!stopped_) {
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
    const std::uint64_t before = ring_.filled();
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.ptr != nullptr) {
        serve(*static_cast<Connection*>(event.data.ptr), event.events);
      } else {
        std::uint64_t times = 0;
        [[maybe_unused]] const ssize_t got = ::read(event_, &times, sizeof times);
      }
    }
    if (ring_.filled() != before) {
      when_filled_();
    }
    answer_durable();
    if (ring_.room().empty()) {
      wait_for_room();
    }
  }
}

void IoThread::stop() noexcept {
  stopped_ = true;
  notify();
}

void IoThread::watch(int operation, int socket, std::uint32_t events, void* data) const {
  epoll_event event{};
  event.events = events;
  event.data.ptr = data;
  if (::epoll_ctl(epoll_, operation, socket, &event) != 0) {
    throw_errno("epoll_ctl");
  }
}

void IoThread::serve(Connection& connection, std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) {
    send(connection);
  }
  if (!connection.has_ended && (events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0 &&
      !ring_.room().empty()) {
    read(connection);
  }
  if (connection.has_ended) {
    release(connection);
  }
}

void IoThread::read(Connection& connection) {
  std::uint32_t ended = 0;
  const auto outcome = connection.read(ring_, ended);
  if (ended > 0) {
    ++connection.in_ring;
    in_ring_.push_back({&connection, ended, ring_.filled()});
  }
  if (outcome == Connection::Outcome::kEnded) {
    end(connection);
  }
}

void IoThread::send(Connection& connection) {
  const auto outcome = connection.send();
  if (outcome == Connection::Outcome::kEnded) {
    end(connection);
    return;
  }
  const bool waits = outcome == Connection::Outcome::kBlocked;
  if (waits != connection.waits_for_room) {
    connection.waits_for_room = waits;
    watch(EPOLL_CTL_MOD, connection.socket(), waits ? EPOLLIN | EPOLLOUT : EPOLLIN, &connection);
  }
}

// One write a connection, for all of its batches that have become durable together.
void IoThread::answer_durable() {
  const std::uint64_t durable = ring_.emptied();
  while (!in_ring_.empty() && in_ring_.front().end <= durable) {
    Connection& connection = *in_ring_.front().connection;
    connection.owe(in_ring_.front().batches);
    --connection.in_ring;
    in_ring_.pop_front();
    if (!connection.is_in_line) {
      connection.is_in_line = true;
      line_.push_back(&connection);
    }
  }
  for (Connection* connection : line_) {
    connection->is_in_line = false;
    if (!connection->has_ended) {
      send(*connection);
    }
    if (connection->has_ended) {
      release(*connection);
    }
  }
  line_.clear();
}

void IoThread::end(Connection& connection) {
  connection.has_ended = true;
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, connection.socket(), nullptr);
}

// Nobody may look at the connection afterwards.
void IoThread::release(Connection& connection) {
  if (connection.in_ring == 0 && !connection.is_in_line) {
    delete &connection;
  }
}

void IoThread::wait_for_room() const {
  pollfd waiting{event_, POLLIN, 0};
  ::poll(&waiting, 1, -1);
}

}  // namespace sorteo::limit
