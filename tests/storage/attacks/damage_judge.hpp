#pragma once

#include <string>

#include "tests/storage/attacks/sample_store.hpp"

namespace sorteo::test {

/// What came of files that somebody has changed.
struct Judgement {
  /// Verifying them says that they are damaged, or that something stands behind the end of the log.
  bool was_noticed = false;
  bool was_refused = false;  ///< the store does not start on them
  std::string wrong;         ///< empty when nothing else happened than may
};

/// Verifies the files in `image`, which were those of `sample`, and starts a store on them. What
/// may happen: each of the two says that they are damaged, where, and changes nothing; or
/// everything is there. In no case is a bet shown that was not stored, or one twice, or in another
/// place.
Judgement judge(const SampleStore& sample, const DiskImage& image);

}  // namespace sorteo::test
