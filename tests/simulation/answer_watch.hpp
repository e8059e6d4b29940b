#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "core/message.hpp"
#include "core/version2_error.hpp"
#include "tests/simulation/model.hpp"
#include "tests/simulation/transcript.hpp"

namespace sorteo::simulation {

/// Listens on one connection, at the server: tells the model what the server promises in the moment
/// in which it gives its answer to the network, and contradicts an answer that does not belong to
/// its request.
class AnswerWatch final {
 public:
  /// `who` stands in the transcript.
  AnswerWatch(Model& model, Transcript& transcript, std::string who)
      : model_(model), transcript_(transcript), who_(std::move(who)) {}

  /// The server takes this request in.
  void asked(const Message& request);

  /// The server sends these whole frames.
  void answered(std::string_view frames);

 private:
  struct Request {
    std::uint8_t type;
    std::string payload;

    ByteView bytes() const noexcept { return as_bytes(payload); }
  };
  struct Frame {
    std::uint8_t type = 0;  // 0 for a Packet
    std::string_view payload;

    ByteView bytes() const noexcept { return as_bytes(payload); }
  };

  void judge(const Request& request, const Frame& answer);
  void judge_version1(const Request& request, const Frame& answer);
  void judge_hello(const Request& request, const Frame& answer);
  void judge_once_batch(const Request& request, const Frame& answer);
  void judge_finish(const Request& request, const Frame& answer);
  void judge_await(const Request& request, const Frame& answer);
  void judge_error(const Request& request, const Frame& answer);
  bool judge_refused_batch(const Request& request, const v2::Error& error);
  bool judge_refused_finish(const Request& request, const v2::Error& error);
  void wrong(const Request& request, const Frame& answer);

  Model& model_;
  Transcript& transcript_;
  const std::string who_;
  std::deque<Request> requests_;  // without an answer
};

}  // namespace sorteo::simulation
