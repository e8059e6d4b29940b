#pragma once

#include <cstddef>
#include <memory>

#include "core/bet_store.hpp"
#include "storage/log_reader.hpp"

namespace sorteo {

/// Brings the batches of a log to those who visit it, in order, when their records have passed
/// every check: to a visitor one by one, to a visitor of parts by the parts that have seen them
/// while they were read ahead, or by one of its own. Not thread-safe.
class PartDelivery final {
 public:
  /// Each may be null. What is given must outlive this.
  PartDelivery(BatchVisitor* visitor, PartVisitor* parts) noexcept
      : visitor_(visitor), parts_(parts) {}

  /// The record at which `reader` stands is good. False when the visit is to end.
  bool accept(const LogReader& reader);

  /// Brings what was accepted and not brought yet. Call it before the reader goes on when its last
  /// step was not to a record, and at the end. False when the visit is to end.
  bool flush();

 private:
  bool visit(const LogReader::Record& record);
  void gather(ByteView records);
  bool bring_own();

  BatchVisitor* const visitor_;
  PartVisitor* const parts_;
  ByteView held_;  // records that were accepted, of a block that has more of them
  std::unique_ptr<BatchPart> own_;
  std::size_t own_bytes_ = 0;  // of the records that it has seen
};

}  // namespace sorteo
