#include "transport/session_log.hpp"

#include <string>

namespace sorteo {
namespace {

std::string what_of(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& failure) {
    return failure.what();
  } catch (...) {
    return "not a std::exception";
  }
}

}  // namespace

void SessionLog::opened() const {
  if (log_.enabled(LogLevel::kDebug)) {
    log_.write(LogLevel::kDebug,
               LogLine("open_session", "success").with("ip", peer_.address).str());
  }
}

void SessionLog::closed(std::exception_ptr exception) const {
  if (exception != nullptr) {
    log_.write(LogLevel::kError, LogLine("close_session", "fail")
                                     .with("ip", peer_.address)
                                     .with("error", what_of(exception))
                                     .str());
    return;
  }
  if (log_.enabled(LogLevel::kDebug)) {
    log_.write(LogLevel::kDebug,
               LogLine("close_session", "success").with("ip", peer_.address).str());
  }
}

void SessionLog::handshaken(std::string_view version) const {
  if (log_.enabled(LogLevel::kDebug)) {
    log_.write(LogLevel::kDebug, LogLine("handshake", "success")
                                     .with("ip", peer_.address)
                                     .with("version", version)
                                     .with("agencias", peer_.agencies_text())
                                     .str());
  }
}

void SessionLog::handshake_failed(std::string_view stage, std::string_view problem) const {
  log_.write(LogLevel::kWarning, LogLine("handshake", "fail")
                                     .with("ip", peer_.address)
                                     .with("stage", stage)
                                     .with("error", problem)
                                     .str());
}

void SessionLog::rejected(const FrameFault& fault, std::size_t limit) const {
  log_.write(LogLevel::kWarning, LogLine("receive_message", "fail")
                                     .with("ip", peer_.address)
                                     .with("error", describe(fault.code))
                                     .with("type", fault.byte)
                                     .with("length", fault.length)
                                     .with("limit", limit)
                                     .str());
}

void SessionLog::unsupported(const Message& message) const {
  log_.write(LogLevel::kWarning, LogLine("receive_message", "fail")
                                     .with("ip", peer_.address)
                                     .with("error", describe(TransportError::kUnknownType))
                                     .with("type", message.type)
                                     .with("length", message.payload.size())
                                     .str());
}

void SessionLog::frame_cut(std::size_t received) const {
  log_.write(LogLevel::kWarning, LogLine("receive_message", "fail")
                                     .with("ip", peer_.address)
                                     .with("error", describe(TransportError::kFrameCut))
                                     .with("received", received)
                                     .str());
}

void SessionLog::timed_out(TransportError error, std::chrono::milliseconds timeout,
                           std::size_t pending) const {
  // A client that has nothing to say is no reason to worry.
  const auto level = error == TransportError::kIdleTimeout ? LogLevel::kInfo : LogLevel::kWarning;
  const auto* action = error == TransportError::kWriteTimeout       ? "send_reply"
                       : error == TransportError::kHandshakeTimeout ? "handshake"
                                                                    : "receive_message";
  log_.write(level, LogLine(action, "fail")
                        .with("ip", peer_.address)
                        .with("error", describe(error))
                        .with("timeout_ms", timeout.count())
                        .with("pending", pending)
                        .str());
}

void SessionLog::broken(std::string_view action, boost::system::error_code error) const {
  if (log_.enabled(LogLevel::kDebug)) {
    log_.write(
        LogLevel::kDebug,
        LogLine(action, "fail").with("ip", peer_.address).with("error", error.message()).str());
  }
}

void SessionLog::handler_threw(const Handler& handler, unsigned type,
                               std::exception_ptr exception) const {
  log_.write(LogLevel::kError, LogLine("handle_request", "fail")
                                   .with("handler", handler.name())
                                   .with("type", type)
                                   .with("ip", peer_.address)
                                   .with("error", what_of(exception))
                                   .str());
}

}  // namespace sorteo
