#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/bet_store.hpp"
#include "storage/file_system.hpp"
#include "storage/ledger.hpp"
#include "storage/log_record.hpp"

namespace sorteo {

/// Finds an identified batch in the log again, however long ago it came, by the places that the
/// ledger knows and by what each record says of the one before it. Not thread-safe.
class BatchFinder final {
 public:
  /// Reads the store in `directory`, whose log has the id `log_id`.
  BatchFinder(const FileSystem& files, std::string directory, std::uint64_t log_id)
      : files_(files), directory_(std::move(directory)), log_id_(log_id) {}

  struct Original {
    BatchOutcome outcome;
    std::uint32_t bets;    ///< stored
    bool is_same_content;  ///< as the one that it was compared with
  };

  /// The batch of `sender` with number `sequence`, whose record is at or before `from`, compared
  /// with `content`. `bases` says where the segments begin. Errors: kDamaged; what the system said.
  boost::system::result<Original, StoreFailure> find(const std::vector<std::uint64_t>& bases,
                                                     const Ledger::Sender& sender,
                                                     std::uint64_t sequence,
                                                     Ledger::Session::Place from, ByteView content);

 private:
  struct Spot {
    std::string path;
    std::uint64_t offset;  // in the file
  };
  boost::system::result<Spot, StoreFailure> open_at(const std::vector<std::uint64_t>& bases,
                                                    std::uint64_t offset);
  boost::system::result<Original, StoreFailure> compare(const Spot& spot, std::size_t size,
                                                        ByteView content);

  const FileSystem& files_;
  const std::string directory_;
  const std::uint64_t log_id_;
  std::unique_ptr<File> file_;  // of the segment that was read last
  std::uint64_t segment_ = 0;   // its number
  std::vector<std::byte> buffer_;
};

}  // namespace sorteo
