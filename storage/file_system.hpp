#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <memory>
#include <string>
#include <vector>

#include "storage/file.hpp"

namespace sorteo {

/// Opens files and arranges them in directories: beside File, the only way in which a store touches
/// the system. Each function is one call to the system, or nearly. Thread-safe.
class FileSystem {
 public:
  enum class Open {
    kRead,    ///< an existing file, for reading
    kWrite,   ///< an existing file, for reading and writing
    kCreate,  ///< an empty file for reading and writing, in place of one that may be there
  };

  virtual ~FileSystem() = default;

  /// Opens the file at `path`. A file that is made can be read and written by its owner alone.
  virtual boost::system::result<std::unique_ptr<File>> open(const std::string& path,
                                                            Open how) const = 0;

  /// Opens the file at `path`, made if it is not there, and locks it until it is closed.
  /// Errors: kLocked when it is locked already, by another process or by this one.
  virtual boost::system::result<std::unique_ptr<File>> open_locked(
      const std::string& path) const = 0;

  /// Makes a directory that its owner alone can use. Errors: file_exists when something is there.
  virtual boost::system::error_code make_directory(const std::string& path) const = 0;

  /// Gives the file at `from` the name `to`, in place of a file that may have it, in one step.
  virtual boost::system::error_code rename(const std::string& from,
                                           const std::string& to) const = 0;

  /// Takes the name `path` away from a file. Its content goes with its last name and opener.
  virtual boost::system::error_code remove(const std::string& path) const = 0;

  /// The names in the directory `path`, without it, in any order.
  virtual boost::system::result<std::vector<std::string>> list_directory(
      const std::string& path) const = 0;

  /// Makes the names in the directory `path` durable.
  virtual boost::system::error_code sync_directory(const std::string& path) const = 0;
};

}  // namespace sorteo
