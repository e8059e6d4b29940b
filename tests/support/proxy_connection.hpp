#pragma once

#include <poll.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sorteo::test {

/// A direction of a connection.
enum class ProxyWay { kToServer, kToClient };

/// What a proxy does to a connection besides passing it on.
enum class ProxyAct {
  kNothing,
  kEnd,      ///< ends it in an orderly way, to both sides
  kReset,    ///< resets it, to both sides
  kSwallow,  ///< passes on nothing more that way, not even its end; the connection stays open
};

/// How one connection is treated.
struct ProxyPlan {
  ProxyAct act = ProxyAct::kNothing;
  ProxyWay way = ProxyWay::kToClient;  ///< the direction whose bytes count
  std::uint64_t after = 0;             ///< it acts when one byte more than these is to be passed on
  std::size_t piece = 64 * 1024;       ///< bytes passed on at once, at most
  std::chrono::milliseconds pause{0};  ///< from one piece to the next, of each direction
};

/// A connection that runs through a proxy: two sockets, and what is under way between them. Nothing
/// here blocks. Not thread-safe.
class ProxyConnection final {
 public:
  using Clock = std::chrono::steady_clock;

  /// Takes both sockets, which do not block, and closes them at its own end. `server` may still be
  /// connecting.
  ProxyConnection(int client, int server, const ProxyPlan& plan) noexcept;
  ProxyConnection(const ProxyConnection&) = delete;
  ProxyConnection& operator=(const ProxyConnection&) = delete;
  ~ProxyConnection();

  /// What to wait for before the next turn. An entry without interest has a negative descriptor.
  std::array<pollfd, 2> polls(Clock::time_point now) const noexcept;
  /// When a pause ends that holds back a piece; nothing when none does.
  std::optional<Clock::time_point> wakes_at(Clock::time_point now) const noexcept;

  /// Passes on what can be, and acts when it is time to.
  void turn(Clock::time_point now);

  /// Both sides have ended, or one is gone: nothing is left to do.
  bool is_over() const noexcept;
  /// What the plan asked for has been done.
  bool has_acted() const noexcept { return has_acted_; }

 private:
  struct Direction {
    int from = -1;
    int to = -1;
    std::array<char, 16 * 1024> bytes;
    std::size_t begin = 0;  // of those that wait to be passed on
    std::size_t end = 0;
    std::uint64_t passed = 0;
    bool has_ended = false;   // its source has
    bool told_ended = false;  // and its sink knows
    Clock::time_point not_before{};

    bool is_empty() const noexcept { return begin == end; }
    bool wants_to_read() const noexcept { return is_empty() && !has_ended; }
  };

  bool counts(const Direction& direction) const noexcept;
  bool is_muted(const Direction& direction) const noexcept;
  void step(Direction& direction, Clock::time_point now);
  void read(Direction& direction);
  void write(Direction& direction, Clock::time_point now);
  void act();
  void tell_end(Direction& direction);

  const int client_;
  const int server_;
  const ProxyPlan plan_;
  Direction to_server_;
  Direction to_client_;
  bool has_acted_ = false;
  bool is_reset_ = false;
};

}  // namespace sorteo::test
