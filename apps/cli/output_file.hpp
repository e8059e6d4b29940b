#pragma once

#include <boost/system/result.hpp>
#include <memory>
#include <string>

#include "apps/cli/byte_sink.hpp"

namespace sorteo::cli {

/// Why a file cannot be made, as a sentence that names it.
struct OutputError {
  std::string message;
};

/// Whether a file that is there already may be replaced.
enum class Overwrite { kNo, kYes };

/// A file that appears whole or not at all: it is written under a temporary name beside its place,
/// and put there, durably, by commit(). Without a commit nothing remains of it. It is readable by
/// its owner only. Not thread-safe.
class OutputFile final : public ByteSink {
 public:
  /// Opens the temporary file. Errors, as a sentence: the folder is not there or may not be written
  /// to; `path` is there and may not be replaced, or is something else than a regular file.
  static boost::system::result<std::unique_ptr<OutputFile>, OutputError> create(
      std::string path, Overwrite overwrite);

  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  /// Removes the temporary file, unless it was committed.
  ~OutputFile() override;

  [[nodiscard]] boost::system::error_code write(std::string_view bytes) override;

  /// Makes the file durable and puts it in its place; call it once. EEXIST when another has come
  /// there meanwhile and may not be replaced.
  [[nodiscard]] boost::system::error_code commit();

 private:
  OutputFile(std::string path, std::string temporary, int descriptor, Overwrite overwrite);

  const std::string path_;
  const std::string temporary_;
  const Overwrite overwrite_;
  int descriptor_;
  bool is_in_place_ = false;
};

}  // namespace sorteo::cli
