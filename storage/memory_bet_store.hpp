#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/bet_store.hpp"
#include "storage/store_rules.hpp"

namespace sorteo {

/// Keeps the bets in memory: for tests and for trying things out. Nothing survives the process, and
/// memory grows with the bets. Callbacks run before the call returns.
class MemoryBetStore final : public BetStore {
 public:
  MemoryBetStore() = default;
  MemoryBetStore(const MemoryBetStore&) = delete;
  MemoryBetStore& operator=(const MemoryBetStore&) = delete;

  const StoreState& recovered() const noexcept override { return recovered_; }
  /// kFull means that memory ran out.
  void append(const Batch& batch, Completion done) override;
  /// Errors as append().
  void append_once(const IdentifiedBatch& batch, ReceiptCompletion done) override;
  SessionState session(std::uint32_t agency, const SessionId& session) const override;
  void record_finish(std::uint32_t agency, Completion done) override;
  void record_counted_finish(std::uint32_t agency, std::uint64_t bets,
                             CountCompletion done) override;
  void record_draw(std::uint32_t winning_number, Completion done) override;
  [[nodiscard]] std::optional<StoreFailure> visit(BatchVisitor& visitor) const override;
  /// Does nothing: there is no later opening.
  [[nodiscard]] std::optional<StoreFailure> keep_winners(const WinnersByAgency& winners) override;
  [[nodiscard]] std::optional<StoreFailure> close() override;

 private:
  struct StoredBatch {
    std::uint32_t agency;
    std::uint32_t size;
    std::string packets;
  };
  // What became of one sequence number.
  struct Settled {
    std::optional<std::size_t> batch;    // its place in batches_, when it is stored with bets
    std::optional<std::string> refused;  // the content that was refused
  };

  boost::system::error_code take(const Batch& batch);
  boost::system::error_code take_once(const IdentifiedBatch& batch, Receipt& receipt);
  boost::system::error_code compare(const IdentifiedBatch& batch, Receipt& receipt);
  boost::system::error_code store_once(const IdentifiedBatch& batch, Receipt& receipt);
  void store(const Batch& batch);
  bool is_same(const Settled& settled, ByteView content) const;
  boost::system::error_code finish(std::uint32_t agency, std::optional<std::uint64_t> bets,
                                   std::uint64_t& stored);
  boost::system::error_code hold_draw(std::uint32_t winning_number);
  const StoredBatch* batch_at(std::size_t index) const;

  const StoreState recovered_{};
  mutable std::mutex mutex_;
  StoreRules rules_;
  std::deque<StoredBatch> batches_;  // a deque, because it never moves what it holds
  std::map<Ledger::Sender, std::vector<Settled>> settled_;  // from sequence number 1 on
  bool closed_ = false;
};

}  // namespace sorteo
