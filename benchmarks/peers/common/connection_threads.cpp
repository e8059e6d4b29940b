#include "benchmarks/peers/common/connection_threads.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>
#include <vector>

namespace sorteo::peers {

void run_connections(unsigned connections, const std::function<void(unsigned)>& work,
                     const std::function<void()>& meanwhile) {
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < connections; ++i) {
    threads.emplace_back([&work, i] {
      try {
        work(i);
      } catch (const std::exception& error) {
        std::fprintf(stderr, "connection %u: %s\n", i + 1, error.what());
        std::_Exit(1);
      }
    });
  }
  meanwhile();
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace sorteo::peers
