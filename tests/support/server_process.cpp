#include "tests/support/server_process.hpp"

#include <csignal>
#include <stdexcept>

namespace sorteo::test {
namespace {

// The number behind `port: ` in the line that says where the server listens. The line must be
// whole: what is read last may end in the middle of a number.
std::uint16_t listening_port(Process& process) {
  constexpr std::string_view kListens = "action: listen | result: success";
  constexpr std::string_view kPort = "| port: ";
  constexpr std::string_view kReady = "action: start | result: success";
  if (!process.wait_for_err(kReady)) {
    throw std::runtime_error("the server does not listen: " + process.err());
  }
  const std::string log = process.err();
  const auto port = log.find(kPort, log.find(kListens));
  if (port == std::string::npos) {
    throw std::runtime_error("the server does not tell its port: " + log);
  }
  return static_cast<std::uint16_t>(std::stoul(log.substr(port + kPort.size())));
}

}  // namespace

ServerProcess::ServerProcess(const std::string& program, const std::string& config_path)
    : ServerProcess({program, "--config", config_path}) {}

ServerProcess::ServerProcess(const std::vector<std::string>& argv)
    : process_(argv), port_(listening_port(process_)) {}

std::optional<ProcessEnd> ServerProcess::stop() {
  process_.send_signal(SIGTERM);
  return process_.wait();
}

}  // namespace sorteo::test
