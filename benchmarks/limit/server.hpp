#pragma once

#include <cstdint>
#include <string>

#include "benchmarks/limit/io_thread.hpp"
#include "benchmarks/limit/written_space.hpp"

namespace sorteo::limit {

struct ServerOptions {
  std::string directory;
  std::uint16_t port = 0;          ///< 0: one that the system picks
  unsigned threads = 2;            ///< that read and answer
  std::uint64_t space_mib = 2048;  ///< of written space, which is used again and again
  WriteWay way = WriteWay::kBuffered;
  IoThread::Options io;
};

/// Runs the bare server on 127.0.0.1 until SIGTERM or SIGINT. Prints `port: N` once it listens, and
/// `bytes: N` at the end, what it has written.
/// Throws std::system_error.
void run_server(const ServerOptions& options);

}  // namespace sorteo::limit
