#include "storage/record_batch.hpp"

namespace sorteo {

std::optional<Batch> batch_in(RecordType type, ByteView payload) noexcept {
  std::optional<Batch> batch;
  if (type == RecordType::kBatch) {
    batch = decode_batch_payload(payload);
  } else if (type == RecordType::kIdentifiedBatch) {
    if (const auto identity = decode_identity(payload)) {
      batch.emplace(identity->agency, identity->count, identity->rest);
    }
  }
  return batch && batch->size() > 0 ? batch : std::nullopt;
}

std::optional<Batch> batch_in(ByteView record) noexcept {
  const RecordHeader header = decode_record_header(record);
  return header.is_known()
             ? batch_in(static_cast<RecordType>(header.type), record.subspan(kRecordHeaderBytes))
             : std::nullopt;
}

}  // namespace sorteo
