// What every store promises (core/bet_store.hpp), checked on each of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <thread>

#include "storage/file_bet_store.hpp"
#include "storage/memory_bet_store.hpp"
#include "tests/storage/test_bets.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<BetStore>(const std::string& path, Log& log)> open;
};

std::unique_ptr<BetStore> open_file_store(const std::string& path, Log& log,
                                          Durability durability) {
  FileStoreOptions options;
  options.path = path;
  options.durability = durability;
  options.segments = {4096, 64 * 1024};  // so that every test goes over the end of some
  options.read_ahead = {.threads = 2, .block_bytes = 1024};
  auto store = FileBetStore::open(options, log);
  return store.has_error() ? nullptr : std::move(*store);
}

const StoreKind kMemory{"Memory", [](const std::string&, Log&) {
                          return std::unique_ptr<BetStore>(std::make_unique<MemoryBetStore>());
                        }};
const StoreKind kFileFsync{"FileFsync", [](const std::string& path, Log& log) {
                             return open_file_store(path, log, Durability::kFsync);
                           }};
const StoreKind kFileInterval{"FileInterval", [](const std::string& path, Log& log) {
                                return open_file_store(path, log, Durability::kInterval);
                              }};
const StoreKind kFileOs{"FileOs", [](const std::string& path, Log& log) {
                          return open_file_store(path, log, Durability::kOs);
                        }};

class BetStoreContractTest : public ::testing::TestWithParam<StoreKind> {
 protected:
  TemporaryDirectory directory_;
  RecordingLog log_;
  std::unique_ptr<BetStore> store_ = GetParam().open(directory_ / "bets", log_);
};

TEST_P(BetStoreContractTest, BeginsEmpty) {
  EXPECT_EQ(store_->recovered(), StoreState());
  EXPECT_THAT(bets_in(*store_), IsEmpty());
}

TEST_P(BetStoreContractTest, ShowsBatchesInTheOrderInWhichTheyWereStored) {
  EXPECT_FALSE(append(*store_, 1, {"Ana", "Luz"}));
  EXPECT_FALSE(append(*store_, 2, {"Eva"}));
  EXPECT_FALSE(append(*store_, 1, {"Sol"}));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana Luz", "2: Eva", "1: Sol"));
}

TEST_P(BetStoreContractTest, KeepsEveryByteOfABet) {
  std::string packets;
  const Bet bet{"Ñandú", std::string(255, 'x'), "007", "0001-01-01", "4294967295"};
  append_packet(packets, bet.view());
  Outcomes outcomes;
  store_->append(Batch(7, 1, as_bytes(packets)), outcomes.completion());
  ASSERT_TRUE(outcomes.await(1));

  class : public BatchVisitor {
   public:
    bool visit(const Batch& batch) override {
      seen = std::string(as_text(batch.packets()));
      return true;
    }
    std::string seen;
  } visitor;
  EXPECT_FALSE(store_->visit(visitor));
  EXPECT_EQ(visitor.seen, packets);
}

TEST_P(BetStoreContractTest, ReadsTheBatchBeforeAppendReturns) {
  Outcomes outcomes;
  auto batch = std::make_unique<TestBatch>(1, std::vector<std::string>{"Ana"});
  store_->append(batch->view(), outcomes.completion());
  *batch = TestBatch(9, {"Eva"});
  batch.reset();
  ASSERT_TRUE(outcomes.await(1));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_P(BetStoreContractTest, EndsAVisitWhenTheVisitorHasSeenEnough) {
  append(*store_, 1, {"Ana"});
  append(*store_, 1, {"Luz"});
  BatchLister lister(1);
  EXPECT_FALSE(store_->visit(lister));
  EXPECT_THAT(lister.seen, ElementsAre("1: Ana"));
}

TEST_P(BetStoreContractTest, EndsAVisitInPartsWhenTheVisitorHasSeenEnough) {
  constexpr std::size_t kBatches = 500;
  Outcomes outcomes;
  for (std::size_t i = 0; i < kBatches; ++i) {
    store_->append(TestBatch(1, {"Ana"}).view(), outcomes.completion());
  }
  ASSERT_TRUE(outcomes.await(kBatches));
  PartLister lister(3);
  EXPECT_FALSE(store_->visit_parts(lister));
  EXPECT_THAT(lister.seen, SizeIs(::testing::AllOf(::testing::Ge(3U), ::testing::Lt(kBatches))));
}

TEST_P(BetStoreContractTest, LetsThroughWhatAPartThrows) {
  class : public PartVisitor {
   public:
    std::unique_ptr<BatchPart> make_part() override {
      class Part : public BatchPart {
        void add(const Batch&) override { throw std::bad_alloc(); }
      };
      return std::make_unique<Part>();
    }
    bool take(BatchPart&) override { return true; }
  } visitor;
  append(*store_, 1, {"Ana"});
  EXPECT_THROW(static_cast<void>(store_->visit_parts(visitor)), std::bad_alloc);
}

TEST_P(BetStoreContractTest, StoresAnEmptyBatchByStoringNothing) {
  EXPECT_FALSE(append(*store_, 1, {}));
  EXPECT_THAT(bets_in(*store_), IsEmpty());
}

TEST_P(BetStoreContractTest, RefusesBetsOfAnAgencyThatHasFinished) {
  EXPECT_FALSE(finish(*store_, 1));
  EXPECT_EQ(append(*store_, 1, {"Ana"}), StoreError::kAgencyFinished);
  EXPECT_EQ(append(*store_, 1, {}), StoreError::kAgencyFinished);
  EXPECT_FALSE(append(*store_, 2, {"Eva"}));
  EXPECT_THAT(bets_in(*store_), ElementsAre("2: Eva"));
}

TEST_P(BetStoreContractTest, RefusesBetsFromTheCallOnThatFinishes) {
  Outcomes outcomes;
  store_->append(TestBatch(1, {"Ana"}).view(), outcomes.completion("before"));
  store_->record_finish(1, outcomes.completion("finish"));
  EXPECT_EQ(append(*store_, 1, {"Luz"}), StoreError::kAgencyFinished);
  ASSERT_TRUE(outcomes.await(2));
  EXPECT_THAT(outcomes.names(), ElementsAre("before", "finish"));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_P(BetStoreContractTest, FinishesTwiceWithoutHarm) {
  Outcomes outcomes;
  for (int i = 0; i < 3; ++i) {
    store_->record_finish(1, outcomes.completion());
  }
  ASSERT_TRUE(outcomes.await(3));
  EXPECT_THAT(outcomes.errors(), ::testing::Each(boost::system::error_code()));
  EXPECT_FALSE(finish(*store_, 1));
}

TEST_P(BetStoreContractTest, RefusesBetsAfterTheDraw) {
  EXPECT_FALSE(hold_draw(*store_, 7574));
  EXPECT_EQ(append(*store_, 1, {"Ana"}), StoreError::kDrawHeld);
  EXPECT_EQ(append(*store_, 1, {}), StoreError::kDrawHeld);
  EXPECT_FALSE(finish(*store_, 1));
}

TEST_P(BetStoreContractTest, HoldsOneDraw) {
  Outcomes outcomes;
  store_->record_draw(7574, outcomes.completion());
  EXPECT_EQ(hold_draw(*store_, 1), StoreError::kDrawHeld);
  EXPECT_FALSE(hold_draw(*store_, 7574));
  EXPECT_TRUE(outcomes.await(1));
}

TEST_P(BetStoreContractTest, RefusesABatchThatNoRecordHolds) {
  const std::string packets(16 * 1024 * 1024, 'x');
  Outcomes outcomes;
  store_->append(Batch(1, 1, as_bytes(packets)), outcomes.completion());
  ASSERT_TRUE(outcomes.await(1));
  EXPECT_EQ(outcomes.errors().front(), StoreError::kTooLarge);
}

TEST_P(BetStoreContractTest, CompletesBeforeItHasClosedAndRefusesAfterwards) {
  Outcomes outcomes;
  for (int i = 0; i < 100; ++i) {
    store_->append(TestBatch(1, {"Ana"}).view(), outcomes.completion());
  }
  EXPECT_FALSE(store_->close());
  EXPECT_THAT(outcomes.errors(), SizeIs(100));
  EXPECT_THAT(outcomes.errors(), ::testing::Each(boost::system::error_code()));
  EXPECT_EQ(append(*store_, 1, {"Luz"}), StoreError::kClosed);
  EXPECT_EQ(append(*store_, 1, {}), StoreError::kClosed);
  EXPECT_EQ(finish(*store_, 1), StoreError::kClosed);
  EXPECT_EQ(hold_draw(*store_, 7574), StoreError::kClosed);
  EXPECT_THAT(bets_in(*store_), SizeIs(100));
}

TEST_P(BetStoreContractTest, ClosesAgainWithoutHarm) {
  EXPECT_FALSE(store_->close());
  EXPECT_FALSE(store_->close());
}

TEST_P(BetStoreContractTest, DropsNoCallbackOfManyThreads) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kBatches = 200;
  Outcomes outcomes;
  std::vector<std::thread> threads;
  for (std::uint32_t agency = 1; agency <= kThreads; ++agency) {
    threads.emplace_back([&, agency] {
      for (std::size_t i = 0; i < kBatches; ++i) {
        store_->append(TestBatch(agency, {std::to_string(i)}).view(), outcomes.completion());
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  ASSERT_TRUE(outcomes.await(kThreads * kBatches));
  EXPECT_EQ(outcomes.count(), kThreads * kBatches);

  std::map<std::string, std::vector<std::string>> of_agency;
  for (const std::string& text : bets_in(*store_)) {
    of_agency[text.substr(0, 1)].push_back(text.substr(3));
  }
  EXPECT_THAT(of_agency, SizeIs(kThreads));
  for (const auto& [agency, names] : of_agency) {
    ASSERT_THAT(names, SizeIs(kBatches));
    for (std::size_t i = 0; i < kBatches; ++i) {
      EXPECT_EQ(names[i], std::to_string(i));
    }
  }
}

TEST_P(BetStoreContractTest, ShowsWhatWasCalledBackWhileOthersAppend) {
  std::thread writer([this] {
    for (int i = 0; i < 100; ++i) {
      append(*store_, 2, {"Eva"});
    }
  });
  for (std::size_t i = 1; i <= 20; ++i) {
    EXPECT_FALSE(append(*store_, 1, {std::to_string(i)}));
    std::size_t own = 0;
    for (const std::string& text : bets_in(*store_)) {
      own += text.starts_with("1: ") ? 1 : 0;
    }
    EXPECT_EQ(own, i);
  }
  writer.join();
}

TEST_P(BetStoreContractTest, AnswersEveryCallThatRacesWithClose) {
  Outcomes outcomes;
  std::thread writer([this, &outcomes] {
    for (int i = 0; i < 500; ++i) {
      store_->append(TestBatch(1, {"Ana"}).view(), outcomes.completion());
    }
  });
  std::thread closer([this] { EXPECT_FALSE(store_->close()); });
  EXPECT_FALSE(store_->close());
  closer.join();
  writer.join();
  EXPECT_EQ(outcomes.count(), 500U);
  const auto errors = outcomes.errors();
  const auto stored = std::count(errors.begin(), errors.end(), boost::system::error_code());
  EXPECT_THAT(bets_in(*store_), SizeIs(stored));
}

TEST_P(BetStoreContractTest, MayBeAskedAgainFromACallback) {
  Outcomes outcomes;
  store_->append(TestBatch(1, {"Ana"}).view(), [this, &outcomes](boost::system::error_code) {
    store_->append(TestBatch(1, {"Luz"}).view(), outcomes.completion());
  });
  ASSERT_TRUE(outcomes.await(1));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana", "1: Luz"));
}

// Batches with an identity.

Receipt stored(std::uint32_t bets, std::uint64_t durable) {
  return {BatchOutcome::kStored, false, bets, durable};
}

Receipt stored_before(std::uint32_t bets, std::uint64_t durable) {
  return {BatchOutcome::kStored, true, bets, durable};
}

const SessionId kOne = session_id(1);
const SessionId kTwo = session_id(2);

TEST_P(BetStoreContractTest, StoresAnIdentifiedBatchOnce) {
  EXPECT_EQ(append_once(*store_, kOne, 1, 1, {"Ana", "Luz"}).receipt, stored(2, 1));
  EXPECT_EQ(append_once(*store_, kOne, 2, 1, {"Sol"}).receipt, stored(1, 2));
  EXPECT_EQ(append_once(*store_, kOne, 1, 1, {"Ana", "Luz"}).receipt, stored_before(2, 2));
  EXPECT_EQ(append_once(*store_, kOne, 2, 1, {"Sol"}).receipt, stored_before(1, 2));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana Luz", "1: Sol"));
}

TEST_P(BetStoreContractTest, FindsEveryBatchOfALongSessionAgain) {
  constexpr std::uint64_t kBatches = 200;
  for (std::uint64_t i = 1; i <= kBatches; ++i) {
    ASSERT_FALSE(append_once(*store_, kOne, i, 1, {std::to_string(i)}).error);
    ASSERT_FALSE(append_once(*store_, kTwo, i, 2, {"Eva"}).error);
  }
  for (std::uint64_t i = 1; i <= kBatches; ++i) {
    EXPECT_EQ(append_once(*store_, kOne, i, 1, {std::to_string(i)}).receipt,
              stored_before(1, kBatches));
    EXPECT_EQ(append_once(*store_, kOne, i, 1, {"Eva"}).error, StoreError::kConflict);
  }
  EXPECT_THAT(bets_in(*store_), SizeIs(2 * kBatches));
}

TEST_P(BetStoreContractTest, SessionsOfTheSameNameOfTwoAgenciesAreTwo) {
  EXPECT_EQ(append_once(*store_, kOne, 1, 1, {"Ana"}).receipt, stored(1, 1));
  EXPECT_EQ(append_once(*store_, kOne, 1, 2, {"Eva"}).receipt, stored(1, 1));
  EXPECT_EQ(append_once(*store_, kTwo, 1, 1, {"Ana"}).receipt, stored(1, 1));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana", "2: Eva", "1: Ana"));
}

TEST_P(BetStoreContractTest, RefusesAnotherContentUnderTheSameIdentity) {
  append_once(*store_, kOne, 1, 1, {"Ana"});
  const auto conflict = append_once(*store_, kOne, 1, 1, {"Eva"});
  EXPECT_EQ(conflict.error, StoreError::kConflict);
  EXPECT_EQ(conflict.receipt.durable, 1U);
  EXPECT_EQ(append_once(*store_, kOne, 1, 1, {}).error, StoreError::kConflict);
  EXPECT_EQ(refuse_once(*store_, kOne, 1, 1, "nonsense").error, StoreError::kConflict);
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_P(BetStoreContractTest, RefusesAGapInASession) {
  EXPECT_EQ(append_once(*store_, kOne, 0, 1, {"Ana"}).error, StoreError::kSequenceGap);
  EXPECT_EQ(append_once(*store_, kOne, 2, 1, {"Ana"}).error, StoreError::kSequenceGap);
  append_once(*store_, kOne, 1, 1, {"Ana"});
  const auto gap = append_once(*store_, kOne, 3, 1, {"Eva"});
  EXPECT_EQ(gap.error, StoreError::kSequenceGap);
  EXPECT_EQ(gap.receipt.durable, 1U);
  EXPECT_EQ(append_once(*store_, kOne, 2, 1, {"Luz"}).receipt, stored(1, 2));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana", "1: Luz"));
}

TEST_P(BetStoreContractTest, RecordsARefusalOnce) {
  const Receipt refused{BatchOutcome::kRefused, false, 0, 1};
  const Receipt refused_before{BatchOutcome::kRefused, true, 0, 1};
  EXPECT_EQ(refuse_once(*store_, kOne, 1, 1, "nonsense").receipt, refused);
  EXPECT_EQ(refuse_once(*store_, kOne, 1, 1, "nonsense").receipt, refused_before);
  EXPECT_EQ(refuse_once(*store_, kOne, 1, 1, "nonsence").error, StoreError::kConflict);
  EXPECT_EQ(append_once(*store_, kOne, 1, 1, {"Ana"}).error, StoreError::kConflict);
  EXPECT_EQ(append_once(*store_, kOne, 2, 1, {"Ana"}).receipt, stored(1, 2));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_P(BetStoreContractTest, SaysWhichNumberWasRefusedLast) {
  EXPECT_EQ(store_->session(1, kOne).last_refused, 0U);
  refuse_once(*store_, kOne, 1, 1, "nonsense");
  append_once(*store_, kOne, 2, 1, {"Ana"});
  EXPECT_EQ(store_->session(1, kOne), (SessionState{2, 1, 1}));
  refuse_once(*store_, kOne, 3, 1, "nonsense");
  refuse_once(*store_, kOne, 1, 1, "nonsense");
  EXPECT_EQ(store_->session(1, kOne), (SessionState{3, 1, 3}));
  EXPECT_EQ(store_->session(2, kOne).last_refused, 0U);
}

TEST_P(BetStoreContractTest, EmptyIdentifiedBatchTakesItsNumber) {
  EXPECT_EQ(append_once(*store_, kOne, 1, 1, {}).receipt, stored(0, 1));
  EXPECT_EQ(append_once(*store_, kOne, 1, 1, {}).receipt, stored_before(0, 1));
  EXPECT_EQ(append_once(*store_, kOne, 2, 1, {"Ana"}).receipt, stored(1, 2));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_P(BetStoreContractTest, AnswersADuplicateAfterTheFinishAndTheDraw) {
  append_once(*store_, kOne, 1, 1, {"Ana"});
  EXPECT_FALSE(finish(*store_, 1));
  EXPECT_EQ(append_once(*store_, kOne, 1, 1, {"Ana"}).receipt, stored_before(1, 1));
  EXPECT_EQ(append_once(*store_, kOne, 2, 1, {"Luz"}).error, StoreError::kAgencyFinished);
  EXPECT_EQ(refuse_once(*store_, kOne, 2, 1, "nonsense").error, StoreError::kAgencyFinished);
  EXPECT_FALSE(hold_draw(*store_, 7574));
  EXPECT_EQ(append_once(*store_, kOne, 1, 1, {"Ana"}).receipt, stored_before(1, 1));
  EXPECT_EQ(append_once(*store_, kTwo, 1, 2, {"Eva"}).error, StoreError::kDrawHeld);
}

TEST_P(BetStoreContractTest, SaysWhatIsDurableOfASession) {
  EXPECT_EQ(store_->session(1, kOne), (SessionState{0, 0}));
  append_once(*store_, kOne, 1, 1, {"Ana", "Luz"});
  append_once(*store_, kTwo, 1, 1, {"Sol"});
  append(*store_, 1, {"Paz"});
  append_once(*store_, kOne, 1, 2, {"Eva"});
  EXPECT_EQ(store_->session(1, kOne), (SessionState{1, 4}));
  EXPECT_EQ(store_->session(1, session_id(9)), (SessionState{0, 4}));
}

TEST_P(BetStoreContractTest, DuplicateOfABatchUnderWayIsAnsweredInItsTurn) {
  const TestBatch batch(1, {"Ana"});
  const IdentifiedBatch once{kOne, 1, 1, batch.view().packets(), 1};
  std::vector<Receipt> receipts;
  for (int i = 0; i < 3; ++i) {
    store_->append_once(once, [&](boost::system::error_code, const Receipt& receipt) {
      receipts.push_back(receipt);
    });
  }
  EXPECT_FALSE(store_->close());
  EXPECT_THAT(receipts, ElementsAre(stored(1, 1), stored_before(1, 1), stored_before(1, 1)));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_P(BetStoreContractTest, FinishesWithTheRightNumberOfBets) {
  append_once(*store_, kOne, 1, 1, {"Ana", "Luz"});
  append(*store_, 1, {"Sol"});
  append(*store_, 2, {"Eva"});
  const auto wrong = finish_counted(*store_, 1, 2);
  EXPECT_EQ(wrong.error, StoreError::kCountMismatch);
  EXPECT_EQ(wrong.bets, 3U);
  EXPECT_FALSE(append(*store_, 1, {"Paz"}));
  const auto right = finish_counted(*store_, 1, 4);
  EXPECT_FALSE(right.error);
  EXPECT_EQ(right.bets, 4U);
  EXPECT_EQ(append(*store_, 1, {"Mar"}), StoreError::kAgencyFinished);
}

TEST_P(BetStoreContractTest, FinishesAgainWithTheRightNumberAlone) {
  append(*store_, 1, {"Ana"});
  EXPECT_FALSE(finish_counted(*store_, 1, 1).error);
  EXPECT_FALSE(finish_counted(*store_, 1, 1).error);
  EXPECT_EQ(finish_counted(*store_, 1, 2).error, StoreError::kCountMismatch);
  EXPECT_FALSE(finish(*store_, 1));
}

TEST_P(BetStoreContractTest, RefusesIdentifiedBatchesAfterItHasClosed) {
  append_once(*store_, kOne, 1, 1, {"Ana"});
  EXPECT_FALSE(store_->close());
  const auto closed = append_once(*store_, kOne, 1, 1, {"Ana"});
  EXPECT_EQ(closed.error, StoreError::kClosed);
  EXPECT_EQ(closed.receipt.durable, 1U);
  EXPECT_EQ(finish_counted(*store_, 1, 1).error, StoreError::kClosed);
}

TEST_P(BetStoreContractTest, StoresOnceWhateverManyThreadsSendAgain) {
  constexpr std::uint64_t kBatches = 50;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this] {
      for (std::uint64_t i = 1; i <= kBatches; ++i) {
        EXPECT_FALSE(append_once(*store_, kOne, i, 1, {std::to_string(i)}).error);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(bets_in(*store_), SizeIs(kBatches));
}

INSTANTIATE_TEST_SUITE_P(, BetStoreContractTest,
                         ::testing::Values(kMemory, kFileFsync, kFileInterval, kFileOs),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace sorteo::test
