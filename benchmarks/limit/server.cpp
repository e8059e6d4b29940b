#include "benchmarks/limit/server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "benchmarks/limit/group_writer.hpp"

namespace sorteo::limit {

namespace {

int require(int result, const char* what) {
  if (result < 0) {
    throw_errno(what);
  }
  return result;
}

int block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  require(::pthread_sigmask(SIG_BLOCK, &signals, nullptr), "pthread_sigmask");
  return require(::signalfd(-1, &signals, SFD_CLOEXEC), "signalfd");
}

int listen_on(std::uint16_t port) {
  const int listener =
      require(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int reuse = 1;
  require(::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse), "setsockopt");
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  require(::bind(listener, generic, size), "bind");
  require(::listen(listener, SOMAXCONN), "listen");
  require(::getsockname(listener, generic, &size), "getsockname");
  std::printf("port: %u\n", unsigned{ntohs(address.sin_port)});
  std::fflush(stdout);
  return listener;
}

void accept_until_signal(int listener, int signals, std::vector<std::unique_ptr<IoThread>>& io) {
  std::array<pollfd, 2> waiting = {{{listener, POLLIN, 0}, {signals, POLLIN, 0}}};
  for (std::size_t next = 0; ::poll(waiting.data(), waiting.size(), -1) >= 0;) {
    if (waiting[1].revents != 0) {
      return;
    }
    const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket >= 0) {
      const int at_once = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
      io[next++ % io.size()]->adopt(socket);
    }
  }
}

}  // namespace

void run_server(const ServerOptions& options) {
  const int signals = block_stop_signals();
  WrittenSpace space(options.directory, options.space_mib * 1024 * 1024, options.way);
  const auto counts = std::make_unique<AgencyCounts>();
  GroupWriter* writer_to_wake = nullptr;
  std::vector<std::unique_ptr<IoThread>> io;
  std::vector<GroupWriter::Source> sources;
  for (unsigned i = 0; i < options.threads; ++i) {
    io.push_back(std::make_unique<IoThread>(options.io, *counts,
                                            [&writer_to_wake] { writer_to_wake->wake(); }));
    sources.push_back({&io.back()->ring(), [thread = io.back().get()] { thread->notify(); }});
  }
  GroupWriter writer(space, std::move(sources));
  writer_to_wake = &writer;
  const int listener = listen_on(options.port);
  std::vector<std::thread> threads;
  threads.emplace_back([&writer] { writer.run(); });
  for (const auto& thread : io) {
    threads.emplace_back([io_thread = thread.get()] { io_thread->run(); });
  }
  accept_until_signal(listener, signals, io);
  for (const auto& thread : io) {
    thread->stop();
  }
  writer.stop();
  for (std::thread& thread : threads) {
    thread.join();
  }
  ::close(listener);
  ::close(signals);
  std::printf("bytes: %llu\n", static_cast<unsigned long long>(space.appended()));
}

}  // namespace sorteo::limit
