#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bet_store.hpp"
#include "core/session_id.hpp"

namespace sorteo::simulation {

/// The identity of a batch.
struct BatchName {
  std::uint32_t agency = 0;
  SessionId session;
  std::uint64_t sequence = 0;

  friend auto operator<=>(const BatchName&, const BatchName&) = default;
};

/// What somebody has to send. Every content is made for one name, or for one batch of version 1, so
/// that a stored batch tells where it came from. Only empty contents are alike.
struct Content {
  std::uint32_t agency = 0;
  std::optional<std::uint64_t> sequence;    ///< nothing in version 1
  SessionId session;                        ///< of version 2
  std::optional<std::uint32_t> bets;        ///< nothing when it breaks a rule
  std::vector<std::uint32_t> winning = {};  ///< the documents of its bets that win
};

/// What the system as a whole has promised, and what its store may show: so simple that it can be
/// believed. It hears what clients have to send, what the server answers, in the moment in which
/// the answer goes to the network, and what a store shows. The first contradiction is kept.
class Model final {
 public:
  Model(std::uint32_t agencies, std::uint32_t winning_number) noexcept
      : agencies_(agencies), winning_number_(winning_number) {}
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  /// A client has `packets` to send; not again the same.
  void offer(std::string packets, const Content& content);

  /// Somebody asks the server to store `packets`. An empty batch may stand for any name: a client
  /// fills the place of a refused one with it.
  void asked(const BatchName& name, std::string_view packets);

  // What the server answers. Packets are those of the request.
  void stored_plain(std::string_view packets);
  void received(const BatchName& name, std::string_view packets, const Receipt& receipt);
  void conflicted(const BatchName& name, std::string_view packets);
  void welcomed(std::uint32_t agency, const SessionId& session, std::uint64_t durable);
  void finished(std::uint32_t agency, std::optional<std::uint64_t> bets);
  void told_winners(std::uint32_t agency, const std::vector<std::uint32_t>& documents);

  /// A client tells its user that these packets are stored under `name`.
  void told_stored(const BatchName& name, const std::string& packets);
  /// A client tells its user that these packets were not stored under `name`, and never will be.
  void told_refused(const BatchName& name, const std::string& packets);

  /// Compares a store that has just been opened with what was promised. What it shows is a promise
  /// from then on.
  void check_opened(const BetStore& store);
  /// The same for a store at work, which may show more than was promised.
  void check(const BetStore& store);

  /// Whether somebody has been told that `agency` has finished.
  bool has_finished(std::uint32_t agency) const { return finished_.contains(agency); }
  /// Whether somebody has been told that `name` has a durable outcome.
  bool is_promised(const BatchName& name) const;
  /// A batch whose receipt was promised, the `which`th modulo their number.
  std::optional<std::pair<BatchName, std::string>> promise(std::uint64_t which) const;

  /// Whether the server has been asked to store a batch of this sender.
  bool was_asked(std::uint32_t agency, const SessionId& session) const {
    return asked_.contains({agency, session});
  }

  /// The first contradiction; empty when there is none.
  const std::string& contradiction() const noexcept { return contradiction_; }
  void contradict(std::string what);

 private:
  using Contents = std::map<std::string, Content, std::less<>>;
  using Sender = std::pair<std::uint32_t, SessionId>;
  // What is known of a name for good.
  struct Fate {
    const std::string* packets = nullptr;  // null when it is only known that no bets are stored
    bool is_old = false;  // its first receipt has been given, or its outcome was recovered
  };
  // What a store shows.
  struct Shown {
    std::map<std::string_view, unsigned> packets;
    std::map<BatchName, const std::string*> names;
    std::map<Sender, std::uint64_t> last;
    std::map<std::uint32_t, std::uint64_t> bets;
    WinnersByAgency winners;
  };
  class Viewer;

  Shown look_at(const BetStore& store);
  void show(const Batch& batch, Shown& shown);
  void check_batches(const Shown& shown);
  void check_senders(const BetStore& store, const Shown& shown);
  void check_draw(const Shown& shown);
  void take_up(const BetStore& store, const Shown& shown);
  bool has_bets(const std::string& packets) const;

  const std::uint32_t agencies_;
  const std::uint32_t winning_number_;
  std::string contradiction_;
  Contents contents_;
  std::map<BatchName, std::vector<const std::string*>> offers_;
  std::set<Sender> asked_;
  // Promises.
  std::map<BatchName, Fate> fates_;
  std::map<std::string_view, bool> plain_;
  std::map<Sender, std::uint64_t> durable_;
  std::map<std::uint32_t, std::optional<std::uint64_t>> finished_;  // with the number of bets
  std::map<BatchName, std::string> refused_;
  WinnersByAgency winners_;
  std::optional<std::map<std::uint32_t, std::uint64_t>> bets_at_draw_;
  bool is_held_ = false;
};

}  // namespace sorteo::simulation
