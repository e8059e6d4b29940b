#include "core/store_error.hpp"

#include <string>

namespace sorteo {
namespace {

class StoreCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "sorteo.store"; }

  std::string message(int value) const override {
    switch (static_cast<StoreError>(value)) {
      case StoreError::kFull:
        return "storage full, try later";
      case StoreError::kFailed:
        return "storage failed, whether it is stored is unknown";
      case StoreError::kClosed:
        return "storage is closing, try later";
      case StoreError::kAgencyFinished:
        return "the agency has finished";
      case StoreError::kDrawHeld:
        return "the draw has been held";
      case StoreError::kTooLarge:
        return "the batch is too large to be stored";
      case StoreError::kDamaged:
        return "storage is damaged";
      case StoreError::kLocked:
        return "storage is in use by another process";
      case StoreError::kBusy:
        return "storage is busy, try later";
      case StoreError::kConflict:
        return "this sequence number stands for another batch";
      case StoreError::kSequenceGap:
        return "a batch before this one is missing";
      case StoreError::kCountMismatch:
        return "the number of bets is not the number of those stored";
    }
    return "unknown storage error";
  }
};

}  // namespace

const boost::system::error_category& store_category() noexcept {
  static const StoreCategory category;
  return category;
}

boost::system::error_code make_error_code(StoreError error) noexcept {
  return {static_cast<int>(error), store_category()};
}

}  // namespace sorteo
