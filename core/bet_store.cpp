#include "core/bet_store.hpp"

namespace sorteo {
namespace {

// Shows parts what it is shown.
class OnePartAfterTheOther final : public BatchVisitor {
 public:
  explicit OnePartAfterTheOther(PartVisitor& visitor)
      : visitor_(visitor), part_(visitor.make_part()) {}

  bool visit(const Batch& batch) override {
    part_->add(batch);
    return visitor_.take(*part_);
  }

 private:
  PartVisitor& visitor_;
  const std::unique_ptr<BatchPart> part_;
};

}  // namespace

std::optional<StoreFailure> BetStore::visit_parts(PartVisitor& visitor) const {
  OnePartAfterTheOther shower(visitor);
  return visit(shower);
}

}  // namespace sorteo
