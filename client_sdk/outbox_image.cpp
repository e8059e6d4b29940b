#include "client_sdk/outbox_image.hpp"

#include <string>

#include "client_sdk/outbox_io.hpp"

namespace sorteo::client {
namespace {

// Writes records one behind the other. They may all say that what stands before them is durable:
// nobody opens the file before it is synced.
class ImageWriter final {
 public:
  ImageWriter(OutboxFile& file, OutboxHeader& header) : file_(file), seed_(0) {
    const std::string bytes = encode(header);
    seed_ = header.checksum;
    write(bytes, header.checksum);
  }

  OutboxPlace place() const { return {seed_, end_.offset, end_.offset, end_.previous}; }

  void add(const std::string& record) { write(record, checksum_in(as_bytes(record))); }

  boost::system::result<OutboxEnd> finish() {
    if (!error_) {
      error_ = file_.sync();
    }
    if (error_) {
      return error_;
    }
    return end_;
  }

 private:
  void write(const std::string& bytes, std::uint64_t checksum) {
    if (error_) {
      return;
    }
    error_ = write_fully(file_, as_bytes(bytes), end_.offset);
    end_.offset += bytes.size();
    end_.previous = checksum;
  }

  OutboxFile& file_;
  std::uint64_t seed_;
  OutboxEnd end_;
  boost::system::error_code error_;
};

}  // namespace

boost::system::result<OutboxEnd> write_outbox_image(OutboxFile& file, OutboxHeader& header,
                                                    const std::deque<OutboxBatch>& batches) {
  ImageWriter image(file, header);
  for (const OutboxBatch& batch : batches) {
    image.add(batch_record(image.place(), batch));
  }
  if (!batches.empty()) {
    image.add(mark_record(image.place()));
  }
  return image.finish();
}

}  // namespace sorteo::client
