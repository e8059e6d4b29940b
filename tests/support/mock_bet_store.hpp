#pragma once

#include <gmock/gmock.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "core/bet_store.hpp"

namespace sorteo::test {

/// A store that does what a test tells it to. Unless told otherwise it recovered nothing, and holds
/// nothing.
class MockBetStore : public BetStore {
 public:
  MockBetStore() {
    ON_CALL(*this, recovered).WillByDefault(testing::ReturnRef(nothing_));
    ON_CALL(*this, visit).WillByDefault(testing::Return(std::nullopt));
    ON_CALL(*this, keep_winners).WillByDefault(testing::Return(std::nullopt));
    ON_CALL(*this, close).WillByDefault(testing::Return(std::nullopt));
  }

  MOCK_METHOD(const StoreState&, recovered, (), (const, noexcept, override));
  MOCK_METHOD(void, append, (const Batch& batch, Completion done), (override));
  MOCK_METHOD(void, record_finish, (std::uint32_t agency, Completion done), (override));
  MOCK_METHOD(void, append_once, (const IdentifiedBatch& batch, ReceiptCompletion done),
              (override));
  MOCK_METHOD(SessionState, session, (std::uint32_t agency, const SessionId& session),
              (const, override));
  MOCK_METHOD(void, record_counted_finish,
              (std::uint32_t agency, std::uint64_t bets, CountCompletion done), (override));
  MOCK_METHOD(void, record_draw, (std::uint32_t winning_number, Completion done), (override));
  MOCK_METHOD(std::optional<StoreFailure>, visit, (BatchVisitor & visitor), (const, override));
  MOCK_METHOD(std::optional<StoreFailure>, keep_winners, (const WinnersByAgency& winners),
              (override));
  MOCK_METHOD(std::optional<StoreFailure>, close, (), (override));

 private:
  StoreState nothing_;
};

/// Actions for append_once: calls back at once with `error` and `receipt`; or puts the completion
/// into `place`.
inline auto receipt_with(Receipt receipt, boost::system::error_code error = {}) {
  return [receipt, error](const auto&, BetStore::ReceiptCompletion done) { done(error, receipt); };
}
inline auto keep_receipt(BetStore::ReceiptCompletion& place) {
  return [&place](const auto&, BetStore::ReceiptCompletion done) { place = std::move(done); };
}

/// An action for append, record_finish and record_draw: calls back at once, with `error` or with
/// success.
inline auto complete_with(boost::system::error_code error = {}) {
  return [error](const auto&, BetStore::Completion done) { done(error); };
}

/// An action for the same: puts the completion into `place`, for the test to call later, or never.
inline auto keep_completion(BetStore::Completion& place) {
  return [&place](const auto&, BetStore::Completion done) { place = std::move(done); };
}

/// An action for the same: forgets the completion without calling it.
inline auto drop_completion() {
  return [](const auto&, BetStore::Completion) {};
}

}  // namespace sorteo::test
