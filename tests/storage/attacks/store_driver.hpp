#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/file_bet_store.hpp"
#include "tests/storage/attacks/store_history.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/simulated_disk.hpp"

namespace sorteo::test {

/// Asks a file store on a SimulatedDisk for changes, in one thread, and holds every answer, and
/// every start, against the model. What is wrong is kept in wrong(); it must stay empty. The disk
/// must outlive it.
class StoreDriver final {
 public:
  StoreDriver(SimulatedDisk& disk, FileStoreOptions options);
  ~StoreDriver();
  StoreDriver(const StoreDriver&) = delete;
  StoreDriver& operator=(const StoreDriver&) = delete;

  /// Goes on with a store that somebody else made, who asked it for all of `history`.
  void adopt(StoreHistory history);

  /// Starts the store, and compares what it holds with the model. Why it did not start, if it did
  /// not: with a disk that fails it may, but it must not call that damage.
  std::optional<StoreFailure> open();
  bool is_open() const noexcept { return store_ != nullptr; }
  /// Completes, and closes. What is not answered then is wrong.
  std::optional<StoreFailure> close();
  /// The program is killed, or the power is cut, here and now.
  void crash();
  void cut_power();

  void append(std::uint32_t agency, const std::vector<std::string>& names);
  /// The next batch of this sender.
  void append_once(const SenderKey& sender, const std::vector<std::string>& names);
  /// The same, of bytes that are no bets.
  void append_refused(const SenderKey& sender);
  /// The batch with that number, as it was sent before, again.
  void resend(const SenderKey& sender, std::uint64_t sequence);
  /// Everything that was ever sent with an identity, in order, each brought to the disk; then, of
  /// each sender, another content under the last number, and a number that leaves a gap.
  void resend_all();
  void finish(std::uint32_t agency);
  /// With `error` more than the number of its bets.
  void counted_finish(std::uint32_t agency, std::uint64_t error = 0);
  void hold_draw(std::uint32_t number);
  /// With some winners, if the draw has been held.
  void keep_winners();
  /// Brings one group to the disk; false when nothing waited.
  bool pump();
  /// Brings everything there.
  void pump_all();

  /// How many batches this sender has sent.
  std::uint64_t sent(const SenderKey& sender) const;
  const StoreHistory& history() const noexcept { return history_; }
  const FileBetStore& store() const noexcept { return *store_; }
  const RecordingLog& log() const noexcept { return log_; }
  bool has_failed() const noexcept { return has_failed_; }
  const std::vector<std::string>& wrong() const noexcept { return wrong_; }
  /// The same in one text.
  std::string complaints() const;

 private:
  struct Question {
    std::optional<StoreHistory::Id> id;  // when it is a new row
    std::vector<StoreError> expected;    // when not empty: one of these is the only right answer
    std::string text;
    unsigned life = 0;
    bool is_answered = false;
  };
  struct Sent {
    std::vector<std::string> names;
    bool is_refused = false;
  };

  void submit_once(const SenderKey& sender, std::uint64_t sequence, const Sent& sent);
  void submit_finish(std::uint32_t agency, std::optional<std::uint64_t> bets);
  std::vector<StoreError> closed_to(std::uint32_t agency) const;
  std::size_t question(std::optional<StoreEntry> entry, std::vector<StoreError> expected,
                       std::string text);
  bool answer(std::size_t index, boost::system::error_code error);
  void check_receipt(std::size_t index, const Receipt& expected, boost::system::error_code error,
                     const Receipt& receipt);
  void check_start(const StoreState& recovered);
  void check_answered();
  void end_life();
  void complain(const std::string& what);

  SimulatedDisk& disk_;
  const FileStoreOptions options_;
  RecordingLog log_{LogLevel::kWarning};
  StoreHistory history_;
  std::unique_ptr<FileBetStore> store_;
  std::map<SenderKey, std::vector<Sent>> sent_;
  std::vector<Question> questions_;  // of this life
  unsigned life_ = 0;
  bool power_was_cut_ = false;
  bool has_failed_ = false;
  bool has_kept_winners_ = false;
  std::vector<std::string> wrong_;
};

}  // namespace sorteo::test
