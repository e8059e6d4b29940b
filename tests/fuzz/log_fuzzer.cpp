// Any bytes as a store's log: reading ends, reads nothing outside them, and every bet that it shows
// is a good one.

#include <algorithm>
#include <cstring>

#include "storage/log_scan.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using sorteo::test::require;

class Image final : public sorteo::File {
 public:
  explicit Image(sorteo::ByteView bytes) : bytes_(bytes) {}

  boost::system::result<std::size_t> read_at(std::span<std::byte> to,
                                             std::uint64_t offset) const override {
    if (offset >= bytes_.size()) {
      return std::size_t{0};
    }
    const auto rest = bytes_.subspan(static_cast<std::size_t>(offset));
    const std::size_t count = std::min(to.size(), rest.size());
    std::memcpy(to.data(), rest.data(), count);
    return count;
  }
  boost::system::result<std::uint64_t> size() const override { return bytes_.size(); }
  void drop_cache() const noexcept override {}
  bool bypass_cache() noexcept override { return false; }

  // Reading a log writes nothing.
  boost::system::result<std::size_t> write_at(sorteo::ByteView, std::uint64_t) override {
    std::abort();
  }
  boost::system::error_code sync_data() override { std::abort(); }
  boost::system::error_code sync() override { std::abort(); }
  boost::system::error_code truncate(std::uint64_t) override { std::abort(); }
  boost::system::error_code allocate(std::uint64_t) override { std::abort(); }

 private:
  sorteo::ByteView bytes_;
};

// A directory with one segment.
class ImageDirectory final : public sorteo::FileSystem {
 public:
  explicit ImageDirectory(sorteo::ByteView bytes) : bytes_(bytes) {}

  boost::system::result<std::unique_ptr<sorteo::File>> open(const std::string&,
                                                            Open) const override {
    return std::unique_ptr<sorteo::File>(std::make_unique<Image>(bytes_));
  }
  boost::system::result<std::vector<std::string>> list_directory(
      const std::string&) const override {
    std::abort();
  }
  boost::system::result<std::unique_ptr<sorteo::File>> open_locked(
      const std::string&) const override {
    std::abort();
  }
  boost::system::error_code make_directory(const std::string&) const override { std::abort(); }
  boost::system::error_code rename(const std::string&, const std::string&) const override {
    std::abort();
  }
  boost::system::error_code remove(const std::string&) const override { std::abort(); }
  boost::system::error_code sync_directory(const std::string&) const override { std::abort(); }

 private:
  sorteo::ByteView bytes_;
};

class Checker final : public sorteo::BatchVisitor {
 public:
  bool visit(const sorteo::Batch& batch) override {
    std::uint32_t bets = 0;
    for (const sorteo::BetView& bet : batch) {
      require(!bet.number.empty());
      ++bets;
    }
    require(bets == batch.size());
    bets_ += bets;
    return true;
  }

  std::uint64_t bets() const { return bets_; }

 private:
  std::uint64_t bets_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ImageDirectory files(sorteo::test::fuzz_bytes(data, size));
  Checker checker;
  sorteo::ScanOptions options;
  options.visitor = &checker;
  options.cursor.takes_any_size = true;
  sorteo::LogScanner scanner(files, "bets", {}, {}, options);
  if (const auto failure = scanner.run()) {
    require(!failure->message.empty());
  } else {
    const sorteo::LogScan& scan = scanner.result();
    require(scan.ledger.bets == checker.bets() && scan.end.offset <= size);
  }
  return 0;
}
