#include "core/store_error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sorteo {
namespace {

std::string said(StoreError error) { return make_error_code(error).message(); }

TEST(StoreErrorTest, MessagesAreWhatAPeerIsTold) {
  EXPECT_EQ(said(StoreError::kFull), "storage full, try later");
  EXPECT_EQ(said(StoreError::kFailed), "storage failed, whether it is stored is unknown");
  EXPECT_EQ(said(StoreError::kClosed), "storage is closing, try later");
  EXPECT_EQ(said(StoreError::kAgencyFinished), "the agency has finished");
  EXPECT_EQ(said(StoreError::kDrawHeld), "the draw has been held");
  EXPECT_EQ(said(StoreError::kTooLarge), "the batch is too large to be stored");
  EXPECT_EQ(said(StoreError::kDamaged), "storage is damaged");
  EXPECT_EQ(said(StoreError::kLocked), "storage is in use by another process");
  EXPECT_EQ(said(StoreError::kBusy), "storage is busy, try later");
}

TEST(StoreErrorTest, OtherNumbersHaveAMessageToo) {
  EXPECT_EQ(store_category().message(0), "unknown storage error");
  EXPECT_EQ(store_category().message(999), "unknown storage error");
}

TEST(StoreErrorTest, IsAnErrorCode) {
  const boost::system::error_code code = StoreError::kFull;
  EXPECT_TRUE(code.failed());
  EXPECT_EQ(code, StoreError::kFull);
  EXPECT_NE(code, StoreError::kFailed);
  EXPECT_STREQ(code.category().name(), "sorteo.store");
}

}  // namespace
}  // namespace sorteo
