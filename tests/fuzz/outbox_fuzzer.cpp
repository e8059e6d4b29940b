// Any bytes as the file of an outbox, and any order of taking, settling, crashing and damaging:
// opening ends, what is opened follows from what was taken, and it can go on.

#include <cerrno>
#include <random>

#include "client_sdk/outbox.hpp"
#include "tests/client_sdk/fake_outbox_disk.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using sorteo::client::Outbox;
using sorteo::client::OutboxBatch;
using sorteo::test::FakeOutboxDisk;
using sorteo::test::require;

constexpr char kPath[] = "/outbox";

sorteo::client::OutboxOptions options(bool sync) {
  sorteo::client::OutboxOptions options;
  options.path = kPath;
  options.agency = 7;
  options.session = sorteo::SessionId{{std::byte{1}}};
  options.sync = sync;
  options.rewrite_bytes = 300;
  return options;
}

OutboxBatch next_batch(const Outbox& outbox) {
  const std::uint64_t sequence = outbox.last_sequence() + 1;
  return {sequence, outbox.bets_taken() + 1, sequence % 5, std::string(sequence % 50, 'x')};
}

void check(const Outbox& outbox) {
  std::uint64_t sequence = outbox.settled();
  for (const OutboxBatch& batch : outbox.unsettled()) {
    require(batch.sequence == ++sequence);
  }
  require(sequence == outbox.last_sequence() && outbox.settled_bets() <= outbox.bets_taken());
}

// The bytes behind a header whose checksum is right, so that more than its check is tried.
void open_any(const std::string& records) {
  FakeOutboxDisk disk;
  require(Outbox::open(options(true), disk).has_value());
  const std::string before = disk.content(kPath) + records;
  disk.put(kPath, before);
  auto outbox = Outbox::open(options(true), disk);
  if (outbox.has_error()) {
    require(!outbox.error().empty() && disk.content(kPath) == before);
    return;
  }
  check(**outbox);
  require(!(*outbox)->append(next_batch(**outbox)));
}

// A program whose every step is a byte.
class Run {
 public:
  explicit Run(bool sync) : options_(options(sync)) { reopen(); }

  void step(std::uint8_t what) {
    switch (what % 6) {
      case 0:
      case 1:
        append();
        break;
      case 2:
        settle();
        break;
      case 3:
        disk_.end_program();
        reopen();
        break;
      case 4:
        disk_.cut_power(random_);
        if (!options_.sync) {
          taken_ = 0;
        }
        reopen();
        break;
      case 5:
        disk_.fail_nth(1 + what / 6, EIO, what % 2 != 0);
        break;
    }
  }

 private:
  void reopen() {
    outbox_.reset();
    auto outbox = Outbox::open(options_, disk_);
    while (outbox.has_error()) {  // only a failure that was asked for keeps it from opening
      require(outbox.error().find("Input/output error") != std::string::npos);
      disk_.end_program();
      outbox = Outbox::open(options_, disk_);
    }
    outbox_ = std::move(*outbox);
    check(*outbox_);
    require(outbox_->last_sequence() >= taken_);
    taken_ = outbox_->last_sequence();
  }

  void append() {
    const OutboxBatch batch = next_batch(*outbox_);
    if (!outbox_->append(batch)) {
      taken_ = batch.sequence;
    }
  }

  void settle() {
    if (outbox_->settled() < outbox_->last_sequence()) {
      static_cast<void>(outbox_->settle(outbox_->settled() + 1, 0));
    }
  }

  std::mt19937 random_;
  FakeOutboxDisk disk_;
  const sorteo::client::OutboxOptions options_;
  std::unique_ptr<Outbox> outbox_;
  std::uint64_t taken_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string rest(sorteo::as_text(sorteo::test::fuzz_bytes(data + 1, size - 1)));
  if (data[0] % 3 == 0) {
    open_any(rest);
    return 0;
  }
  Run run(data[0] % 3 == 1);
  for (const char what : rest.substr(0, 500)) {
    run.step(static_cast<std::uint8_t>(what));
  }
  return 0;
}
