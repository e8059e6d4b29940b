#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/bet_store.hpp"
#include "tests/failures/numbered_bet.hpp"

namespace sorteo::test {

/// Of a store, which of the numbered bets it holds.
class NumberedBets final : public BatchVisitor {
 public:
  bool visit(const Batch& batch) override;

  /// The indexes of a sender's bets, in the order in which they are stored.
  const std::vector<std::uint32_t>& of_sender(std::uint32_t sender) const;

  /// Whether a sender's bets are exactly 1, 2, ... in order, each once; else the first that is not.
  std::optional<std::string> fault_of(std::uint32_t sender) const;

  /// Bets that nobody sent: the first of them, for a person.
  const std::string& stranger() const noexcept { return stranger_; }

  /// How many bets, of all senders.
  std::uint64_t size() const noexcept { return size_; }
  /// How many of an agency.
  std::uint64_t of_agency(std::uint32_t agency) const;
  /// The documents of an agency's winners, in the order in which they are stored.
  std::vector<std::uint32_t> winners_of(std::uint32_t agency) const;

 private:
  std::uint64_t size_ = 0;
  std::string stranger_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> senders_;
  std::map<std::uint32_t, std::uint64_t> agencies_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> winners_;
};

/// What the store in the directory `path` holds; a failed expectation when it cannot be read, or
/// holds what nobody sent.
NumberedBets bets_stored_in(const std::string& path);

}  // namespace sorteo::test
