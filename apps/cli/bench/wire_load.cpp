#include "apps/cli/bench/wire_load.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace sorteo::cli {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kEventsAtOnce = 256;
constexpr std::size_t kReceiveBytes = 64 * 1024;
constexpr milliseconds kLongestWait{50};  // so that the word to stop is heard in time

int make_epoll() {
  const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
  if (descriptor < 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_create1");
  }
  return descriptor;
}

}  // namespace

WireLoad::WireLoad(std::vector<WireConnection> connections, const WireLoadOptions& options)
    : connections_(std::move(connections)),
      options_(options),
      epoll_(make_epoll()),
      events_(kEventsAtOnce),
      receive_room_(kReceiveBytes) {}

WireLoad::~WireLoad() { ::close(epoll_); }

void WireLoad::run(RunControl& control) {
  for (std::uint32_t index = 0; index < connections_.size(); ++index) {
    // Told of edges, no connection is registered twice. The first edge is that it can be written
    // to.
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u32 = index;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[index].descriptor(), &event) != 0) {
      connections_[index].fail(ExitCode::kFailure,
                               "epoll_ctl: " + std::generic_category().message(errno), result_);
    }
  }
  for (;;) {  // until the run is over, and what was sent is answered or given up
    const RunControl::Time now = control.now();
    if (result_.failure) {
      control.stop();
    }
    if (!is_stopping_ && control.is_over(now)) {
      stop_sending(control, now);
    }
    give_up_if_silent(now);
    if (is_stopping_ && busy_ == 0) {
      break;
    }
    if (is_open_loop() && !is_stopping_) {
      release_due(control, now);
    }
    wait_for_events(time_to_wait(control, control.now()));
    for (const epoll_event& event : events_) {
      handle(event, control);
    }
  }
  conclude();
}

bool WireLoad::is_open_loop() const noexcept {
  return connections_.front().options().schedule != nullptr;
}

// What is due on one connection is sent together.
void WireLoad::release_due(const RunControl& control, RunControl::Time now) {
  const std::size_t first = turn_;
  const std::size_t released = release_until(now);
  for (std::size_t index = 0; index < std::min(released, connections_.size()); ++index) {
    connections_[(first + index) % connections_.size()].send(control, gather_room_, result_);
  }
}

// Returns how many batches were due at `time`, and had not been released.
std::size_t WireLoad::release_until(RunControl::Time time) {
  std::size_t released = 0;
  for (; connections_[turn_].next_due() <= time; ++released) {
    connections_[turn_].release_one();
    turn_ = (turn_ + 1) % connections_.size();
  }
  return released;
}

// Leaves in events_ what has happened. epoll_wait() knows whole milliseconds alone, and
// epoll_pwait2(), which knows more, needs Linux 5.11 and is not known to valgrind; so an open loop
// waits with ppoll(). That may take some 50 us longer than it is told, which gathers batches that
// are due one after the other into one write.
void WireLoad::wait_for_events(RunControl::Time time) {
  int milliseconds_left = static_cast<int>(std::chrono::ceil<milliseconds>(time).count());
  if (is_open_loop()) {
    pollfd any_event{epoll_, POLLIN, 0};
    const timespec timeout{0, time.count()};  // kLongestWait is less than a second
    ::ppoll(&any_event, 1, &timeout, nullptr);
    milliseconds_left = 0;
  }
  events_.resize(kEventsAtOnce);
  const int count =
      ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), milliseconds_left);
  if (count < 0 && errno != EINTR) {
    throw std::system_error(errno, std::generic_category(), "epoll_wait");
  }
  events_.resize(static_cast<std::size_t>(std::max(count, 0)));
}

void WireLoad::handle(const epoll_event& event, const RunControl& control) {
  WireConnection& connection = connections_[event.data.u32];
  const bool was_busy = !connection.is_idle();
  const bool has_ended = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  if (has_ended || (event.events & EPOLLIN) != 0) {
    connection.receive(control, receive_room_, has_ended, tally_, result_);
  }
  connection.send(control, gather_room_, result_);
  if (is_stopping_ && was_busy && connection.is_idle()) {
    --busy_;
  }
}

void WireLoad::stop_sending(const RunControl& control, RunControl::Time now) {
  is_stopping_ = true;
  if (is_open_loop()) {
    // What became due since this looked last was not sent either, and that must not be hidden.
    release_until(std::min(now, control.end() - RunControl::Time(1)));
  }
  for (WireConnection& connection : connections_) {
    connection.stop_sending(now, control, result_);
    busy_ += connection.is_idle() ? 0 : 1;
  }
}

void WireLoad::give_up_if_silent(RunControl::Time now) {
  const std::uint64_t heard = tally_.counts().batches;
  if (heard != heard_batches_ || now - heard_at_ < options_.timeout) {
    heard_at_ = heard != heard_batches_ ? now : heard_at_;
    heard_batches_ = heard;
    return;
  }
  heard_at_ = now;
  for (WireConnection& connection : connections_) {
    if (connection.has_waited(now, options_.timeout)) {
      connection.fail(ExitCode::kOutcomeUnknown,
                      "no answer for " + std::to_string(options_.timeout.count()) + " ms", result_);
      busy_ -= is_stopping_ ? 1 : 0;
    }
  }
}

RunControl::Time WireLoad::time_to_wait(const RunControl& control,
                                        RunControl::Time now) const noexcept {
  RunControl::Time until = now + kLongestWait;
  if (!is_stopping_) {
    until = std::min(until, control.end());
    if (is_open_loop()) {
      until = std::min(until, connections_[turn_].next_due());
    }
  }
  return std::max(until - now, RunControl::Time(0));
}

void WireLoad::conclude() {
  for (const WireConnection& connection : connections_) {
    const std::uint64_t bets = connection.options().batch_bets;
    result_.acknowledged[connection.options().agency] += connection.answered() * bets;
    result_.begun_bets += connection.begun() * bets;
  }
}

}  // namespace sorteo::cli
