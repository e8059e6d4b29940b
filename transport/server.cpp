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
#include "transport/tls_context.hpp"

namespace sorteo {
namespace {

using Clock = std::chrono::steady_clock;

unsigned thread_count(unsigned wanted) {
  return wanted > 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}

std::string_view name_of(ListenerSecurity security) noexcept {
  switch (security) {
    case ListenerSecurity::kTls:
      return "tls";
    case ListenerSecurity::kMutualTls:
      return "mutual_tls";
    case ListenerSecurity::kPlain:
      break;
  }
  return "plain";
}

// What the listeners need; null when none of them speaks TLS.
TlsContext::Read read_tls(const std::vector<ListenerOptions>& listeners, const TlsFiles& files) {
  const auto with = [&listeners](auto... securities) {
    return std::any_of(listeners.begin(), listeners.end(), [=](const ListenerOptions& listener) {
      return ((listener.security == securities) || ...);
    });
  };
  if (!with(ListenerSecurity::kTls, ListenerSecurity::kMutualTls)) {
    return std::shared_ptr<const TlsContext>();
  }
  return TlsContext::read(files, with(ListenerSecurity::kMutualTls));
}

}  // namespace

struct Server::Impl {
  // One I/O thread and what runs on it.
  struct Worker {
    Worker(const SessionEnvironment& environment, const std::shared_ptr<const TlsContext>& tls)
        : thread(environment.log), sessions(thread.context(), environment, tls) {}

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
    listeners.clear();
    workers.clear();
  }

  void warn_of(const TlsContext* tls) {
    if (tls == nullptr) {
      return;
    }
    for (const std::string& warning : tls->warnings()) {
      environment.log.write(LogLevel::kWarning,
                            LogLine("tls", "success").with("warning", warning).str());
    }
  }

  const ServerOptions options;
  const SessionEnvironment environment;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::unique_ptr<Listener>> listeners;
  std::vector<std::uint16_t> ports;
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
  auto tls = read_tls(impl.options.listeners, impl.options.tls);
  if (tls.has_error()) {
    return tls.error();
  }
  impl.warn_of(tls->get());
  std::vector<SessionGroup*> groups;
  for (unsigned i = 0; i < thread_count(impl.options.threads); ++i) {
    impl.workers.push_back(std::make_unique<Impl::Worker>(impl.environment, *tls));
    groups.push_back(&impl.workers.back()->sessions);
  }
  for (const ListenerOptions& options : impl.options.listeners) {
    impl.listeners.push_back(std::make_unique<Listener>(groups.front()->context(), groups, options,
                                                        impl.environment.log));
    auto failure = impl.listeners.back()->listen(impl.options.backlog);
    if (failure) {
      impl.abandon();
      return failure;
    }
    impl.ports.push_back(impl.listeners.back()->endpoint().port());
  }
  try {
    for (const auto& worker : impl.workers) {
      worker->sessions.start();
      worker->thread.start();
    }
  } catch (const std::system_error& error) {
    impl.abandon();
    return std::string("cannot start the I/O threads: ") + error.what();
  }
  for (std::size_t at = 0; at < impl.listeners.size(); ++at) {
    const auto& endpoint = impl.listeners[at]->endpoint();
    impl.environment.log.write(LogLevel::kInfo,
                               LogLine("listen", "success")
                                   .with("ip", endpoint.address().to_string())
                                   .with("port", endpoint.port())
                                   .with("security", name_of(impl.options.listeners[at].security))
                                   .str());
    impl.listeners[at]->start();
  }
  impl.is_running = true;
  return std::nullopt;
}

std::optional<std::string> Server::check(const ServerOptions& options) {
  auto tls = read_tls(options.listeners, options.tls);
  return tls.has_error() ? std::optional(tls.error()) : std::nullopt;
}

std::uint16_t Server::port() const noexcept { return impl_->ports.empty() ? 0 : impl_->ports[0]; }

std::vector<std::uint16_t> Server::ports() const { return impl_->ports; }

std::optional<std::string> Server::change(const ServerSettings& settings) {
  auto tls = read_tls(impl_->options.listeners, settings.tls);
  if (tls.has_error()) {
    return tls.error();
  }
  impl_->warn_of(tls->get());
  for (const auto& worker : impl_->workers) {
    worker->sessions.change(settings.limits, *tls);
  }
  return std::nullopt;
}

std::size_t Server::cut_sessions(const std::function<bool(const Peer&)>& which) {
  std::vector<std::future<std::size_t>> counts;
  for (const auto& worker : impl_->workers) {
    counts.push_back(worker->sessions.cut_those(which));
  }
  std::size_t total = 0;
  for (auto& count : counts) {
    total += count.get();
  }
  return total;
}

bool Server::drain(std::chrono::milliseconds grace) {
  Impl& impl = *impl_;
  if (!std::exchange(impl.is_running, false)) {
    return true;
  }
  Log& log = impl.environment.log;
  const auto deadline = Clock::now() + grace;
  for (const auto& listener : impl.listeners) {
    listener->close().wait();
    log.write(LogLevel::kInfo,
              LogLine("close_listener", "success").with("port", listener->endpoint().port()).str());
  }

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
