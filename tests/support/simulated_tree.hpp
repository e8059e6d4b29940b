#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/seeded_random.hpp"
#include "tests/support/simulated_inode.hpp"

namespace sorteo::test {

/// The names on a SimulatedDisk: what programs see of them, and what of it is on the disk. What is
/// done to names (made, renamed, removed) is on the disk when the directory is synced. Until then
/// each step may be there or not, whole: a rename never loses the file, though between two
/// directories it may leave both names when only the directory that it went to was synced.
///
/// Errors are those of POSIX. Paths are cut at '/', and every one of them begins at the root.
class SimulatedTree final {
 public:
  using FilePtr = std::shared_ptr<SimulatedInode>;  // shared by names, handles and steps
  using Error = boost::system::error_code;

  SimulatedTree();

  [[nodiscard]] boost::system::result<FilePtr> find(const std::string& path) const;
  /// The file at `path`, made if it is not there.
  [[nodiscard]] boost::system::result<FilePtr> make_file(const std::string& path);
  [[nodiscard]] Error make_directory(const std::string& path);
  [[nodiscard]] Error rename(const std::string& from, const std::string& to);
  /// Of a file, as unlink does; those who have it open keep it.
  [[nodiscard]] Error remove(const std::string& path);
  [[nodiscard]] Error sync_directory(const std::string& path);
  [[nodiscard]] boost::system::result<std::vector<std::string>> list(const std::string& path) const;

  /// The name of every file, with the file.
  std::map<std::string, FilePtr> files() const;

  /// Puts a file there whose every byte and name is on the disk, with the directories above it.
  void put(const std::string& path, std::string content);

  /// Leaves the names that are on the disk. Of the steps that no sync made durable a beginning
  /// survives, or any of them, each in `survival` of a hundred cases.
  void cut_power(SeededRandom& random, unsigned survival);

 private:
  struct Directory;
  struct Node {  // a file or a directory
    FilePtr file;
    std::shared_ptr<Directory> directory;

    friend bool operator==(const Node&, const Node&) = default;
  };
  using Names = std::map<std::string, Node>;
  struct Directory {
    Names names;
    Names durable;
  };
  using DirectoryPtr = std::shared_ptr<Directory>;  // shared by names and steps
  struct Place {
    DirectoryPtr directory;
    std::string name;
  };
  /// One step: a name that appears, one that vanishes, or both.
  struct Step {
    Node node;
    std::optional<Place> appears;
    std::optional<Place> vanishes;
  };

  boost::system::result<DirectoryPtr> directory(const std::string& path) const;
  boost::system::result<Place> place(const std::string& path) const;
  void take(Step step);
  static void apply(const Step& step, Names Directory::*names);
  static void settle(Step& step, const DirectoryPtr& synced);
  static void collect(const Directory& directory, const std::string& prefix,
                      std::map<std::string, FilePtr>& files);
  static void forget_lost(Directory& directory);

  DirectoryPtr root_;
  std::vector<Step> waiting_;  ///< for a sync, in the order in which they were taken
};

}  // namespace sorteo::test
