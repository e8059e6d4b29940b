#include "storage/log_failure.hpp"

#include <boost/system/errc.hpp>

namespace sorteo {
namespace {

std::string at(const std::string& path, std::uint64_t offset) {
  return path + ", offset " + std::to_string(offset);
}

std::string at(const std::string& path, std::uint64_t offset, std::uint64_t record) {
  return at(path, offset) + (record == 0 ? ", header" : ", record " + std::to_string(record));
}

boost::system::error_code not_supported() {
  return boost::system::errc::make_error_code(boost::system::errc::not_supported);
}

}  // namespace

StoreFailure damaged(const std::string& path, std::uint64_t offset, std::uint64_t record,
                     std::string_view fault) {
  return {StoreError::kDamaged, at(path, offset, record) + ": damaged: " + std::string(fault) +
                                    "; what was acknowledged may be lost, and nothing was "
                                    "changed: restore the store from a copy, or see sorteo repair"};
}

StoreFailure newer_record(const std::string& path, std::uint64_t offset, std::uint64_t record) {
  return {not_supported(), at(path, offset, record) +
                               ": a kind of record that this version of the program does not know: "
                               "use the version that wrote it, or a later one"};
}

StoreFailure newer_log(const std::string& path) {
  return {not_supported(), path + ": " +
                               std::string("the log is of a version that this version of "
                                           "the program does not know: use the one that "
                                           "wrote it, or a later one")};
}

StoreFailure old_log(const std::string& path) {
  return {not_supported(),
          path + ": a log of a format that was never released: this version of the program does " +
              "not read it, and does not begin a new one beside it"};
}

StoreFailure no_store(const std::string& path) {
  return cannot(
      "open the log of a store", path,
      boost::system::errc::make_error_code(boost::system::errc::no_such_file_or_directory));
}

StoreFailure unreadable(const std::string& path, std::uint64_t offset,
                        boost::system::error_code error) {
  return {error, at(path, offset) + ": cannot read: " + error.message()};
}

StoreFailure cannot(std::string_view what, const std::string& path,
                    boost::system::error_code error) {
  return {error, path + ": cannot " + std::string(what) + ": " + error.message()};
}

}  // namespace sorteo
