#include "benchmarks/limit/connection.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "benchmarks/limit/answers.hpp"
#include "core/bytes.hpp"

namespace sorteo::limit {

namespace {

// More at once would let one connection fill the ring.
constexpr std::size_t kReadBytes = 1024 * 1024;
constexpr std::size_t kMaxHelloBytes = 4096;
// Magic, two versions, the agency.
constexpr std::size_t kAgencyAt = FrameWalk::kHeaderBytes + 8;

}  // namespace

Connection::Connection(int socket, std::uint32_t bets_per_batch, AgencyCounts& counts)
    : socket_(socket), bets_per_batch_(bets_per_batch), counts_(counts) {}

Connection::~Connection() { ::close(socket_); }

Connection::Outcome Connection::read(ByteRing& ring, std::uint32_t& ended) {
  if (!is_welcome_) {
    return read_hello();
  }
  const auto room = ring.room();
  const ssize_t size = ::recv(socket_, room.data(), std::min(room.size(), kReadBytes), 0);
  if (size <= 0) {
    return size < 0 && (errno == EAGAIN || errno == EINTR) ? Outcome::kDone : Outcome::kEnded;
  }
  ended = walk_.walk(room.first(static_cast<std::size_t>(size)));
  ring.fill(static_cast<std::size_t>(size));
  return Outcome::kDone;
}

Connection::Outcome Connection::send() {
  append_receipts(answers_, answered_ + 1, owed_, bets_per_batch_);
  counts_.add(agency_, static_cast<std::uint32_t>(owed_));
  answered_ += owed_;
  owed_ = 0;
  const std::size_t left = answers_.size() - sent_;
  const ssize_t size = ::send(socket_, answers_.data() + sent_, left, MSG_NOSIGNAL);
  if (size < 0 && errno != EAGAIN && errno != EINTR) {
    return Outcome::kEnded;
  }
  sent_ += static_cast<std::size_t>(std::max<ssize_t>(size, 0));
  if (sent_ < answers_.size()) {
    return Outcome::kBlocked;
  }
  answers_.clear();
  sent_ = 0;
  return Outcome::kDone;
}

// Reads as little as it needs to, so that what comes behind the Hello is left to the ring.
Connection::Outcome Connection::read_hello() {
  const std::size_t have = hello_.size();
  std::size_t want = FrameWalk::kHeaderBytes;
  if (have >= want) {
    want += load_u32(as_bytes(hello_).data() + 1);
    if (want < kAgencyAt + 4 || want > kMaxHelloBytes) {
      return Outcome::kEnded;
    }
  }
  hello_.resize(want);
  const ssize_t size = ::recv(socket_, hello_.data() + have, want - have, 0);
  hello_.resize(have + static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  if (size <= 0) {
    return size < 0 && (errno == EAGAIN || errno == EINTR) ? Outcome::kDone : Outcome::kEnded;
  }
  if (hello_.size() < want || want == FrameWalk::kHeaderBytes) {
    return Outcome::kDone;
  }
  agency_ = load_u32(as_bytes(hello_).data() + kAgencyAt);
  is_welcome_ = true;
  answers_ += make_welcome(counts_.batches(agency_) * bets_per_batch_);
  return send();
}

}  // namespace sorteo::limit
