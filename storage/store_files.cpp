#include "storage/store_files.hpp"

#include <algorithm>
#include <boost/system/errc.hpp>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <new>

#include "storage/file_io.hpp"
#include "storage/log_failure.hpp"

namespace sorteo {
namespace {

constexpr std::string_view kSegmentStart = "bets-";
constexpr std::string_view kSegmentEnd = ".log";
constexpr std::size_t kSegmentDigits = 10;

bool is_missing(boost::system::error_code error) {
  return error == boost::system::errc::no_such_file_or_directory;
}

}  // namespace

std::string within(const std::string& directory, std::string_view name) {
  return (std::filesystem::path(directory) / name).string();
}

std::string segment_name(std::uint64_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, kSegmentDigits - std::min(kSegmentDigits, digits.size()), '0');
  return std::string(kSegmentStart) + digits + std::string(kSegmentEnd);
}

std::string segment_path(const std::string& directory, std::uint64_t number) {
  return within(directory, segment_name(number));
}

std::optional<std::uint64_t> segment_number(std::string_view name) {
  if (!name.starts_with(kSegmentStart) || !name.ends_with(kSegmentEnd)) {
    return std::nullopt;
  }
  const std::string_view digits =
      name.substr(kSegmentStart.size(), name.size() - kSegmentStart.size() - kSegmentEnd.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_number = error == std::errc() && end == digits.data() + digits.size();
  return is_number && segment_name(number) == name ? std::optional(number) : std::nullopt;
}

bool StoreFiles::has(std::string_view name) const {
  return std::find(names.begin(), names.end(), name) != names.end();
}

boost::system::result<StoreFiles, StoreFailure> list_store_with_gaps(const FileSystem& files,
                                                                     const std::string& path) {
  auto names = files.list_directory(path);
  if (names.has_error()) {
    return cannot("list", path, names.error());
  }
  StoreFiles found;
  found.names = std::move(*names);
  for (const std::string& name : found.names) {
    if (const auto number = segment_number(name)) {
      found.segments.push_back(*number);
    }
  }
  std::sort(found.segments.begin(), found.segments.end());
  if (found.has(kOldLogName)) {
    return old_log(within(path, kOldLogName));
  }
  return found;
}

boost::system::result<StoreFiles, StoreFailure> list_store(const FileSystem& files,
                                                           const std::string& path) {
  auto found = list_store_with_gaps(files, path);
  if (found.has_error()) {
    return found;
  }
  for (std::uint64_t expected = 1; const std::uint64_t number : found->segments) {
    if (number != expected) {
      return damaged(segment_path(path, expected), 0, 0, "the file is missing");
    }
    ++expected;
  }
  return found;
}

std::string free_name(const StoreFiles& listing, const std::string& start) {
  std::uint64_t number = 1;
  while (listing.has(start + std::to_string(number))) {
    ++number;
  }
  return start + std::to_string(number);
}

boost::system::result<std::optional<std::string>> read_whole_file(const FileSystem& files,
                                                                  const std::string& path,
                                                                  std::size_t most) {
  const auto file = files.open(path, FileSystem::Open::kRead);
  if (file.has_error()) {
    return is_missing(file.error())
               ? boost::system::result<std::optional<std::string>>(std::nullopt)
               : file.error();
  }
  const auto size = (*file)->size();
  if (size.has_error()) {
    return size.error();
  }
  std::string content;
  try {
    content.resize(static_cast<std::size_t>(std::min<std::uint64_t>(*size, most)));
  } catch (const std::bad_alloc&) {
    return boost::system::errc::make_error_code(boost::system::errc::not_enough_memory);
  }
  const auto read = read_fully(**file, std::as_writable_bytes(std::span(content)), 0);
  if (read.has_error()) {
    return read.error();
  }
  content.resize(*read);
  return std::optional(std::move(content));
}

std::optional<StoreFailure> replace_file(const FileSystem& files, const std::string& directory,
                                         std::string_view name, std::string_view content) {
  const std::string path = within(directory, name);
  const std::string draft = path + ".new";
  const auto give_up = [&](std::string_view what, boost::system::error_code error) {
    // What is left of it may take up room that a full disk needs.
    static_cast<void>(files.remove(draft));
    return cannot(what, draft, error);
  };
  auto file = files.open(draft, FileSystem::Open::kCreate);
  if (file.has_error()) {
    return cannot("create", draft, file.error());
  }
  if (const auto error = write_fully(**file, as_bytes(content), 0)) {
    return give_up("write", error);
  }
  if (const auto error = (*file)->sync()) {
    return give_up("sync", error);
  }
  if (const auto error = files.rename(draft, path)) {
    return give_up("put in place", error);
  }
  if (const auto error = files.sync_directory(directory)) {
    return cannot("sync", directory, error);
  }
  return std::nullopt;
}

bool is_full(boost::system::error_code error) noexcept {
  return error == boost::system::error_code(ENOSPC, boost::system::system_category()) ||
         error == boost::system::error_code(EDQUOT, boost::system::system_category());
}

}  // namespace sorteo
