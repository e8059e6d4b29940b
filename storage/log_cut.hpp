#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bet_store.hpp"
#include "storage/file_system.hpp"
#include "storage/segment_header.hpp"

namespace sorteo {

/// What is taken out of the files of a log. Each part is moved, or copied before it is changed,
/// into another directory; everything is made durable step by step, so that a cut that was killed
/// half way leaves a log that can be cut again.
struct LogCut {
  /// Files that are moved away whole: names, those of segments last to first.
  std::vector<std::string> moved;
  /// A segment that stays, but not as it is: behind `offset` of its file come zeros up to the size
  /// that it was made with.
  struct Change {
    std::uint64_t segment;
    std::uint64_t offset;    ///< in the file
    std::uint64_t size;      ///< of the file, as it is
    std::uint64_t capacity;  ///< of the file, as it ought to be
  };
  std::vector<Change> changed;
};

/// Does it to the store in `directory`, and puts what is taken away into `to`, which is there and
/// empty. Errors: what the system said.
std::optional<StoreFailure> apply_cut(const FileSystem& files, const std::string& directory,
                                      const std::string& to, const LogCut& cut);

}  // namespace sorteo
