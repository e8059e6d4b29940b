#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/draw.hpp"
#include "tests/support/batch_bytes.hpp"
#include "tests/support/manual_background.hpp"
#include "tests/support/mock_bet_store.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo::test {

using Documents = std::vector<std::uint32_t>;

/// A bet of which only the document and the number matter.
inline Bet bet(std::string document, std::string number) {
  return {"Ana", "Paz", std::move(document), "1999-03-17", std::move(number)};
}

/// A draw of two agencies over a mocked store that holds what a test has put there.
class DrawFixture : public testing::Test {
 protected:
  DrawFixture() {
    ON_CALL(store_, recovered).WillByDefault(testing::ReturnRef(recovered_));
    ON_CALL(store_, record_draw).WillByDefault(complete_with());
    ON_CALL(store_, visit).WillByDefault([this](BatchVisitor& visitor) {
      show_batches(visitor);
      return std::nullopt;
    });
  }

  void stored(std::uint32_t agency, const std::vector<Bet>& bets) {
    batches_.push_back(batch_bytes(agency, bets));
  }

  // Call it after `recovered_` is as the test wants it.
  Draw& draw(DrawOptions options = {.agencies = 2, .winning_number = 7574}) {
    if (!draw_) {
      draw_.emplace(options, store_, background_.runner(), log_);
    }
    return *draw_;
  }

  void finish(std::initializer_list<std::uint32_t> agencies) {
    for (const std::uint32_t agency : agencies) {
      draw().agency_finished(agency);
    }
  }

  // The winners of `agency`; nothing while the draw has not been held.
  std::optional<std::vector<std::uint32_t>> winners(std::uint32_t agency) {
    const auto found = draw().winners_of(agency);
    return found ? std::optional(std::vector(found->begin(), found->end())) : std::nullopt;
  }

  void show_batches(BatchVisitor& visitor) const {
    for (const std::string& bytes : batches_) {
      const auto batch = decode_batch(as_bytes(bytes));
      if (!batch || !visitor.visit(*batch)) {
        return;
      }
    }
  }

  StoreState recovered_;
  testing::NiceMock<MockBetStore> store_;
  ManualBackground background_;
  RecordingLog log_;

 private:
  std::vector<std::string> batches_;
  std::optional<Draw> draw_;
};

}  // namespace sorteo::test
