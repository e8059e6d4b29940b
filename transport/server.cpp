#include "transport/server.hpp"

#include <algorithm>
#include <future>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "transport/io_thread.hpp"
#include "transport/listener.hpp"
#include "transport/session_group.hpp"

namespace sorteo {
namespace {

using Clock = std::chrono::steady_clock;

unsigned thread_count(unsigned wanted) {
  return wanted > 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

struct Server::Impl {
  // One I/O thread and what runs on it.
  struct Worker {
    explicit Worker(const SessionEnvironment& environment)
        : thread(environment.log), sessions(thread.context(), environment) {}

    IoThread thread;
    SessionGroup sessions;
  };

  Impl(ServerOptions with, const HandlerRegistry& handlers, Log& log)
      : options(std::move(with)), environment{handlers, log, options.limits} {}

  // Undoes a start that failed half-way; no socket has been accepted yet.
  void abandon() {
    for (const auto& worker : workers) {
      worker->thread.context()->stop();
      worker->thread.stop();
    }
    listener.reset();
    workers.clear();
  }

  const ServerOptions options;
  const SessionEnvironment environment;
  std::vector<std::unique_ptr<Worker>> workers;
  std::optional<Listener> listener;
  std::uint16_t port = 0;
  bool is_running = false;
};

Server::Server(ServerOptions options, const HandlerRegistry& handlers, Log& log)
    : impl_(std::make_unique<Impl>(std::move(options), handlers, log)) {}

Server::~Server() { drain(std::chrono::milliseconds(0)); }

std::optional<std::string> Server::start() {
  Impl& impl = *impl_;
  if (!impl.workers.empty()) {
    return "the server has been started before";
  }
  std::vector<SessionGroup*> groups;
  for (unsigned i = 0; i < thread_count(impl.options.threads); ++i) {
    impl.workers.push_back(std::make_unique<Impl::Worker>(impl.environment));
    groups.push_back(&impl.workers.back()->sessions);
  }
  impl.listener.emplace(groups.front()->context(), groups, impl.environment.log);
  auto failure = impl.listener->listen(impl.options.host, impl.options.port, impl.options.backlog);
  if (failure) {
    impl.abandon();
    return failure;
  }
  const auto& endpoint = impl.listener->endpoint();
  impl.port = endpoint.port();
  try {
    for (const auto& worker : impl.workers) {
      worker->sessions.start();
      worker->thread.start();
    }
  } catch (const std::system_error& error) {
    impl.abandon();
    return std::string("cannot start the I/O threads: ") + error.what();
  }
  impl.environment.log.write(LogLevel::kInfo, LogLine("listen", "success")
                                                  .with("ip", endpoint.address().to_string())
                                                  .with("port", endpoint.port())
                                                  .str());
  impl.listener->start();
  impl.is_running = true;
  return std::nullopt;
}

std::uint16_t Server::port() const noexcept { return impl_->port; }

bool Server::drain(std::chrono::milliseconds grace) {
  Impl& impl = *impl_;
  if (!std::exchange(impl.is_running, false)) {
    return true;
  }
  Log& log = impl.environment.log;
  const auto deadline = Clock::now() + grace;
  impl.listener->close().wait();
  log.write(LogLevel::kInfo, LogLine("close_listener", "success").with("port", impl.port).str());

  std::vector<std::future<SessionGroup::Drained>> drains;
  for (const auto& worker : impl.workers) {
    drains.push_back(worker->sessions.drain());
  }
  SessionGroup::Drained total;
  for (std::size_t i = 0; i < drains.size(); ++i) {
    if (drains[i].wait_until(deadline) == std::future_status::timeout) {
      impl.workers[i]->sessions.cut();
    }
    const auto [closed, cut] = drains[i].get();
    total.closed += closed;
    total.cut += cut;
  }
  log.write(LogLevel::kInfo, LogLine("close_sessions", "success")
                                 .with("cerradas", total.closed)
                                 .with("cortadas", total.cut)
                                 .str());
  for (const auto& worker : impl.workers) {
    worker->thread.stop();
  }
  log.write(LogLevel::kInfo,
            LogLine("close_io_threads", "success").with("hilos", impl.workers.size()).str());
  return total.cut == 0;
}

}  // namespace sorteo
