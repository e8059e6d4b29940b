#include "tests/storage/attacks/sample_store.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "storage/stored_bets.hpp"
#include "tests/storage/test_bets.hpp"

namespace sorteo::test {
namespace {

// Whether the name is that of a segment: `bets-0000000001.log`.
bool is_segment(const std::string& path) {
  const std::string start = std::string(kStore) + "/bets-";
  return path.starts_with(start) && path.ends_with(".log");
}

std::size_t count_segments(const DiskImage& image) {
  return static_cast<std::size_t>(std::count_if(
      image.begin(), image.end(), [](const auto& file) { return is_segment(file.first); }));
}

std::uint64_t log_end(const SimulatedDisk& disk) {
  const auto summary = read_store(disk.files(), kStore, nullptr);
  EXPECT_TRUE(summary.has_value()) << summary.error().message;
  return summary.has_value() ? summary->log_bytes : 0;
}

// Keeps a store's life as it goes on.
class Maker final {
 public:
  explicit Maker(FileStoreOptions options)
      : options_(std::move(options)), disk_(1), driver_(disk_, options_) {
    const auto failure = driver_.open();
    EXPECT_FALSE(failure) << failure->message;
    note();
  }

  StoreDriver& driver() { return driver_; }
  std::uint64_t end() const { return sample_.ends.back(); }
  std::size_t segments() const { return count_segments(sample_.earlier.back()); }

  void commit() {
    driver_.pump_all();
    note();
  }

  SampleStore leave(Ending ending) {
    if (ending == Ending::kClosed) {
      const auto failure = driver_.close();
      EXPECT_FALSE(failure) << failure->message;
    } else {
      driver_.crash();
    }
    EXPECT_EQ(driver_.complaints(), "");
    sample_.options = options_;
    sample_.image = disk_.image();
    sample_.history = driver_.history();
    keep_batches();
    return std::move(sample_);
  }

 private:
  // One change at a time, so that each one's end is known.
  void note() {
    sample_.ends.resize(driver_.history().size() + 1, log_end(disk_));
    sample_.earlier.push_back(disk_.image());
  }

  void keep_batches() {
    for (std::size_t index = 0; index < sample_.history.size(); ++index) {
      const StoreEntry& entry = sample_.history.entry(index);
      if (entry.holds_bets()) {
        const TestBatch batch(entry.agency, entry.names);
        sample_.batches.push_back(
            {entry.agency, batch.view().size(), std::string(as_text(batch.view().packets()))});
      }
    }
  }

  const FileStoreOptions options_;
  SimulatedDisk disk_;
  StoreDriver driver_;
  SampleStore sample_;
};

void end_lottery(Maker& maker) {
  maker.driver().counted_finish(1);
  maker.commit();
  maker.driver().finish(2);
  maker.commit();
  maker.driver().hold_draw(7574);
  maker.commit();
  maker.driver().keep_winners();
}

}  // namespace

FileStoreOptions tiny_segments(Durability durability) {
  FileStoreOptions options;
  options.path = kStore;
  options.durability = durability;
  options.segments = {4096, 4096};
  return options;
}

FileStoreOptions segments_of_64_kib() {
  FileStoreOptions options = tiny_segments();
  options.segments = {64 * 1024, 64 * 1024};
  return options;
}

std::vector<std::string> SampleStore::segments() const {
  std::vector<std::string> paths;
  for (const auto& [path, content] : image) {
    if (is_segment(path)) {
      paths.push_back(path);
    }
  }
  return paths;
}

std::vector<SenderKey> sample_senders() {
  std::vector<SenderKey> senders;
  for (const std::uint32_t agency : {1U, 2U, 2U, 3U}) {
    SessionId session;
    session.bytes.fill(static_cast<std::byte>(0xA0 + senders.size()));
    senders.push_back({agency, session});
  }
  return senders;
}

void ask_something(StoreDriver& driver, SeededRandom& random, std::uint64_t number) {
  static const std::vector<SenderKey> kSenders = sample_senders();
  const SenderKey& sender = kSenders[random.below(kSenders.size())];
  std::vector<std::string> names;
  for (std::size_t bets = random.below(5) + 1; bets > 0; --bets) {
    names.push_back("N" + std::to_string(number) + "b" + std::to_string(bets));
  }
  const std::size_t kind = random.below(10);
  if (kind < 4) {
    driver.append_once(sender, names);
  } else if (kind < 7) {
    driver.append(sender.agency, names);
  } else if (kind < 8) {
    driver.append_refused(sender);
  } else if (kind < 9) {
    driver.append_once(sender, {});
  } else if (const std::uint64_t sent = driver.sent(sender); sent > 0) {
    driver.resend(sender, random.below(sent) + 1);
  }
}

SampleStore one_full_segment(Ending ending) {
  Maker maker(segments_of_64_kib());
  SeededRandom random(3);
  constexpr std::uint64_t kRoomToEnd = 1200;
  for (std::uint64_t number = 0; maker.end() + kRoomToEnd < 64 * 1024; ++number) {
    ask_something(maker.driver(), random, number);
    maker.commit();
  }
  end_lottery(maker);
  EXPECT_EQ(maker.segments(), 1U);
  return maker.leave(ending);
}

SampleStore several_segments(std::size_t segments, Ending ending, Lottery lottery) {
  Maker maker(tiny_segments());
  SeededRandom random(4);
  for (std::uint64_t number = 0; maker.segments() < segments; ++number) {
    ask_something(maker.driver(), random, number);
    maker.commit();
  }
  for (std::uint64_t number = 1000; number < 1003; ++number) {
    ask_something(maker.driver(), random, number);
    maker.commit();
  }
  if (lottery == Lottery::kIsOver) {
    end_lottery(maker);
  }
  return maker.leave(ending);
}

}  // namespace sorteo::test
