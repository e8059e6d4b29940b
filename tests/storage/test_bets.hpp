#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/bet_store.hpp"

namespace sorteo::test {

/// A batch with one bet for each first name.
class TestBatch final {
 public:
  TestBatch(std::uint32_t agency, const std::vector<std::string>& names);

  Batch view() const noexcept { return {agency_, size_, as_bytes(packets_)}; }

 private:
  std::uint32_t agency_;
  std::uint32_t size_;
  std::string packets_;
};

/// A session whose id ends with `last`.
SessionId session_id(std::uint8_t last);

/// How a batch is written down in tests: `1: Ana Luz`.
std::string text_of(const Batch& batch);

/// Keeps what it is shown, as text.
class BatchLister final : public BatchVisitor {
 public:
  /// Ends the visit after `most` batches.
  explicit BatchLister(std::size_t most = SIZE_MAX) : most_(most) {}

  bool visit(const Batch& batch) override;

  std::vector<std::string> seen;

 private:
  const std::size_t most_;
};

/// Keeps what the parts are shown that it takes, as text.
class PartLister final : public PartVisitor {
 public:
  /// Ends the visit after `most` batches or more.
  explicit PartLister(std::size_t most = SIZE_MAX) : most_(most) {}

  std::unique_ptr<BatchPart> make_part() override;
  bool take(BatchPart& part) override;

  std::vector<std::string> seen;

 private:
  const std::size_t most_;
};

/// Everything in `store`; what went wrong stands last. Visits it in both ways, and says so when
/// they differ.
std::vector<std::string> bets_in(const BetStore& store);

/// Waits for completions, and keeps what they said, in the order in which they came.
class Outcomes final {
 public:
  /// A completion that reports here as `name`. Must not outlive this.
  BetStore::Completion completion(std::string name = {});

  /// Waits until so many have come. False when they have not after a long time.
  bool await(std::size_t count);

  std::size_t count() const;
  std::vector<boost::system::error_code> errors() const;
  /// The names of those that have come.
  std::vector<std::string> names() const;

 private:
  struct Outcome {
    std::string name;
    boost::system::error_code error;
  };

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Outcome> outcomes_;
};

// Ask for a change and wait until it was called back.
boost::system::error_code append(BetStore& store, std::uint32_t agency,
                                 const std::vector<std::string>& names);
boost::system::error_code finish(BetStore& store, std::uint32_t agency);
/// What the store says of an identified batch.
struct OnceResult {
  boost::system::error_code error;
  Receipt receipt;
};
OnceResult append_once(BetStore& store, const SessionId& session, std::uint64_t sequence,
                       std::uint32_t agency, const std::vector<std::string>& names);
/// The same for a content that breaks a rule.
OnceResult refuse_once(BetStore& store, const SessionId& session, std::uint64_t sequence,
                       std::uint32_t agency, const std::string& content);
struct CountResult {
  boost::system::error_code error;
  std::uint64_t bets;
};
CountResult finish_counted(BetStore& store, std::uint32_t agency, std::uint64_t bets);
boost::system::error_code hold_draw(BetStore& store, std::uint32_t winning_number);

}  // namespace sorteo::test
