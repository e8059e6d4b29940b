#include "apps/cli/bench/wire_connection.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace sorteo::cli {

WireConnection::WireConnection(int descriptor, const WireConnectionOptions& options,
                               const ReadyBatches& batches)
    : descriptor_(descriptor),
      options_(options),
      // The connections of an agency do not send the same bets at the same time.
      stream_(batches, options.version, options.agency, options.session, options.number * 31),
      answers_(options.version),
      began_(options.schedule == nullptr ? options.window : 0) {}

WireConnection::WireConnection(WireConnection&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      options_(other.options_),
      stream_(other.stream_),
      answers_(std::move(other.answers_)),
      began_(std::move(other.began_)) {}

WireConnection::~WireConnection() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

void WireConnection::send(const RunControl& control, GatherRoom& room, LoadResult& result) {
  const std::uint64_t end = sendable_end();
  if (has_failed_ || stream_.written() >= end) {
    return;
  }
  const RunControl::Time now = control.now();
  if (options_.schedule != nullptr) {
    if (const std::uint64_t first = stream_.begun(); first < end) {
      result.late = std::max(result.late, now - began_at(first));
    }
  } else {
    for (; released_ < end; ++released_) {
      began_[released_ % options_.window] = now;
    }
  }
  while (stream_.written() < end) {
    stream_.gather(end, room);
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(room.pieces().data());
    message.msg_iovlen = room.pieces().size();
    const ssize_t sent = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) {
        continue;
      }
      if (errno != EAGAIN && errno != EWOULDBLOCK) {
        fail(ExitCode::kOutcomeUnknown, "send: " + std::generic_category().message(errno), result);
      }
      return;
    }
    stream_.consume(static_cast<std::size_t>(sent));
  }
}

void WireConnection::receive(const RunControl& control, std::span<std::byte> room, bool has_ended,
                             LoadTally& tally, LoadResult& result) {
  while (!has_failed_) {
    const ssize_t got = ::recv(descriptor_, room.data(), room.size(), 0);
    if (got == 0) {
      fail(ExitCode::kOutcomeUnknown, "the server closed the connection", result);
    } else if (got > 0) {
      answers_.feed(room.first(static_cast<std::size_t>(got)));
      count_answers(control, tally, result);
      // Less than there was room for is all that there was; another call would only say so.
      if (static_cast<std::size_t>(got) < room.size() && !has_ended) {
        return;
      }
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    } else if (errno != EINTR) {
      fail(ExitCode::kOutcomeUnknown, "answer: " + std::generic_category().message(errno), result);
    }
  }
}

void WireConnection::count_answers(const RunControl& control, LoadTally& tally,
                                   LoadResult& result) {
  const RunControl::Time now = control.now();
  LoadTally::Counts counts;
  for (Answer answer = answers_.next(); answer.kind != AnswerKind::kNone;
       answer = answers_.next()) {
    if (!check(answer, result)) {
      break;
    }
    const RunControl::Time began = began_at(answered_);
    if (began >= control.measure_from()) {
      result.latencies.record(now - began);
    }
    counts.bytes += stream_.message_bytes(answered_);
    ++counts.batches;
    ++answered_;
  }
  counts.bets = counts.batches * options_.batch_bets;
  tally.add(counts);
}

// Whether `answer` says that the batch whose turn it is has been stored, for the first time.
bool WireConnection::check(const Answer& answer, LoadResult& result) {
  const bool is_named = options_.version == WireVersion::k2;
  if (answer.kind == AnswerKind::kRefused) {
    fail(ExitCode::kRefused, "a batch was refused: " + answer.reason, result);
  } else if (answer.kind == AnswerKind::kUnreadable) {
    fail(ExitCode::kFailure, "what came is no answer to a batch: " + answer.reason, result);
  } else if (answer.kind == AnswerKind::kDuplicate) {
    fail(ExitCode::kFailure, "a batch that was sent once was called a duplicate", result);
  } else if (answered_ >= stream_.begun()) {
    fail(ExitCode::kFailure, "an answer came to a batch that had not been sent", result);
  } else if (is_named && answer.sequence != answered_ + 1) {
    fail(ExitCode::kFailure,
         "the receipt of batch " + std::to_string(answer.sequence) + " came where that of batch " +
             std::to_string(answered_ + 1) + " was due",
         result);
  } else if (is_named && answer.bets != options_.batch_bets) {
    fail(ExitCode::kFailure,
         "of a batch of " + std::to_string(options_.batch_bets) + " bets, " +
             std::to_string(answer.bets) + " were stored",
         result);
  }
  return !has_failed_;
}

void WireConnection::stop_sending(RunControl::Time now, const RunControl& control,
                                  LoadResult& result) {
  is_stopping_ = true;
  for (std::uint64_t batch = stream_.begun(); batch < due_; ++batch) {
    const RunControl::Time waited = now - began_at(batch);
    if (began_at(batch) >= control.measure_from()) {
      result.latencies.record(waited);
    }
    result.late = std::max(result.late, waited);
    ++result.unsent;
  }
}

void WireConnection::fail(ExitCode code, const std::string& why, LoadResult& result) {
  has_failed_ = true;
  if (!result.failure) {
    result.failure =
        BenchFailure{code, "connection " + std::to_string(options_.number + 1) + " of agency " +
                               std::to_string(options_.agency) + ": " + why};
  }
}

// One behind the last batch that may be on its way now.
std::uint64_t WireConnection::sendable_end() const noexcept {
  if (is_stopping_) {
    return stream_.begun();  // a message that was cut would be an error of ours
  }
  const std::uint64_t end = answered_ + options_.window;
  return options_.schedule == nullptr ? end : std::min(end, due_);
}

RunControl::Time WireConnection::began_at(std::uint64_t batch) const noexcept {
  return options_.schedule == nullptr ? began_[batch % options_.window]
                                      : options_.schedule->due(options_.number, batch);
}

}  // namespace sorteo::cli
