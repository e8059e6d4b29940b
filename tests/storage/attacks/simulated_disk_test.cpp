// The attacks on the store are worth what the disk is worth that they are made on.

#include "tests/support/simulated_disk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <set>

#include "core/store_error.hpp"

namespace sorteo::test {
namespace {

using ::testing::IsSubsetOf;
using ::testing::UnorderedElementsAre;
using Open = FileSystem::Open;
using Found = std::set<std::string>;

const boost::system::error_code kNoError;

boost::system::error_code posix(int error) { return {error, boost::system::system_category()}; }

std::unique_ptr<File> open(const SimulatedDisk& disk, const std::string& path, Open how) {
  auto file = disk.files().open(path, how);
  return file.has_value() ? std::move(*file) : nullptr;
}

void write(File& file, const std::string& text, std::uint64_t offset = 0) {
  const auto written = file.write_at(as_bytes(text), offset);
  ASSERT_TRUE(written.has_value());
  ASSERT_EQ(*written, text.size());
}

// Makes a file whose content and name are durable.
std::unique_ptr<File> durable_file(const SimulatedDisk& disk, const std::string& path,
                                   const std::string& text) {
  auto file = open(disk, path, Open::kCreate);
  write(*file, text);
  EXPECT_EQ(file->sync(), kNoError);
  EXPECT_EQ(disk.files().sync_directory("."), kNoError);
  return file;
}

std::string content(const SimulatedDisk& disk, const std::string& path) {
  const DiskImage image = disk.image();
  const auto found = image.find(path);
  return found == image.end() ? "(none)" : found->second;
}

// What is left of a disk after what `act` does and a power cut, for many seeds, as `describe` puts
// it.
template <typename Act, typename Describe>
Found after_power_cut(Act act, Describe describe) {
  Found found;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    SimulatedDisk disk(seed);
    act(disk);
    disk.cut_power();
    found.insert(describe(disk));
  }
  return found;
}

auto content_of(const std::string& path) {
  return [path](const SimulatedDisk& disk) { return content(disk, path); };
}

// `a` for a whole sector of them, so that contents of several sectors can be read.
std::string sectors(const std::string& letters) {
  std::string bytes;
  for (const char letter : letters) {
    bytes.append(kSectorBytes, letter);
  }
  return bytes;
}

std::string letters(const std::string& bytes) {
  std::string letters;
  for (std::size_t at = 0; at < bytes.size(); at += kSectorBytes) {
    const std::string sector = bytes.substr(at, kSectorBytes);
    const bool is_whole = sector.find_first_not_of(sector.front()) == std::string::npos;
    letters += is_whole ? (sector.front() == '\0' ? '0' : sector.front()) : '?';
  }
  return letters;
}

auto letters_in(const std::string& path) {
  return [path](const SimulatedDisk& disk) { return letters(content(disk, path)); };
}

TEST(SimulatedDiskTest, WhatWasSyncedSurvivesThePowerCut) {
  EXPECT_THAT(after_power_cut([](SimulatedDisk& disk) { durable_file(disk, "log", "Ana"); },
                              content_of("log")),
              UnorderedElementsAre("Ana"));
}

TEST(SimulatedDiskTest, SyncOfTheDataAloneKeepsTheNewSize) {
  const auto found = after_power_cut(
      [](SimulatedDisk& disk) {
        const auto file = durable_file(disk, "log", "Ana");
        write(*file, "Luz", 3);
        EXPECT_EQ(file->sync_data(), kNoError);
      },
      content_of("log"));
  EXPECT_THAT(found, UnorderedElementsAre("AnaLuz"));
}

TEST(SimulatedDiskTest, EverySubsetOfUnsyncedSectorsMaySurvive) {
  const auto found = after_power_cut(
      [](SimulatedDisk& disk) {
        const auto file = durable_file(disk, "log", sectors("abc"));
        write(*file, sectors("XYZ"));
      },
      letters_in("log"));
  EXPECT_EQ(found, (Found{"abc", "Xbc", "aYc", "abZ", "XYc", "XbZ", "aYZ", "XYZ"}));
}

TEST(SimulatedDiskTest, AnyVersionOfAnUnsyncedSectorMaySurvive) {
  const auto found = after_power_cut(
      [](SimulatedDisk& disk) {
        const auto file = durable_file(disk, "log", sectors("a"));
        write(*file, sectors("b"));
        write(*file, sectors("c"));
      },
      letters_in("log"));
  EXPECT_EQ(found, (Found{"a", "b", "c"}));
}

TEST(SimulatedDiskTest, ASyncLeavesNoOlderVersion) {
  const auto found = after_power_cut(
      [](SimulatedDisk& disk) {
        const auto file = durable_file(disk, "log", sectors("a"));
        write(*file, sectors("b"));
        EXPECT_EQ(file->sync_data(), kNoError);
        write(*file, sectors("c"));
      },
      letters_in("log"));
  EXPECT_EQ(found, (Found{"b", "c"}));
}

TEST(SimulatedDiskTest, AGrownFileMaySurviveSmallOrWithZeros) {
  const auto found = after_power_cut(
      [](SimulatedDisk& disk) {
        const auto file = durable_file(disk, "log", sectors("a"));
        write(*file, sectors("b"), kSectorBytes);
      },
      letters_in("log"));
  EXPECT_EQ(found, (Found{"a", "a0", "ab"}));
}

TEST(SimulatedDiskTest, ATruncationMayBeLost) {
  const auto found = after_power_cut(
      [](SimulatedDisk& disk) {
        const auto file = durable_file(disk, "log", "Ana Luz");
        EXPECT_EQ(file->truncate(3), kNoError);
      },
      content_of("log"));
  EXPECT_TRUE(found.contains("Ana"));
  EXPECT_TRUE(found.contains("Ana Luz"));
}

TEST(SimulatedDiskTest, AFileWhoseNameWasNotSyncedMayBeLost) {
  const auto found = after_power_cut(
      [](SimulatedDisk& disk) {
        const auto file = open(disk, "log", Open::kCreate);
        write(*file, "Ana");
        EXPECT_EQ(file->sync(), kNoError);
      },
      content_of("log"));
  EXPECT_THAT(found, UnorderedElementsAre("Ana", "(none)"));
}

TEST(SimulatedDiskTest, CreatingAFileThatIsThereEmptiesIt) {
  SimulatedDisk disk;
  durable_file(disk, "log", "Ana");
  ASSERT_NE(open(disk, "log", Open::kCreate), nullptr);
  EXPECT_EQ(content(disk, "log"), "");
}

TEST(SimulatedDiskTest, AnUnsyncedRenameIsDoneOrNotDone) {
  const auto found = after_power_cut(
      [](SimulatedDisk& disk) {
        durable_file(disk, "old", "old");
        durable_file(disk, "new", "new");
        EXPECT_EQ(disk.files().rename("new", "old"), kNoError);
      },
      [](const SimulatedDisk& disk) { return content(disk, "old") + " " + content(disk, "new"); });
  EXPECT_THAT(found, UnorderedElementsAre("old new", "new (none)"));
}

TEST(SimulatedDiskTest, UnsyncedNamesMaySurviveOutOfOrder) {
  const auto found = after_power_cut(
      [](SimulatedDisk& disk) {
        durable_file(disk, "a", "a");
        durable_file(disk, "b", "b");
        EXPECT_EQ(disk.files().remove("a"), kNoError);
        EXPECT_EQ(disk.files().remove("b"), kNoError);
      },
      [](const SimulatedDisk& disk) { return content(disk, "a") + " " + content(disk, "b"); });
  EXPECT_THAT(found, UnorderedElementsAre("a b", "(none) b", "a (none)", "(none) (none)"));
}

TEST(SimulatedDiskTest, ARenameBetweenDirectoriesNeverLosesTheFile) {
  const auto found = after_power_cut(
      [](SimulatedDisk& disk) {
        EXPECT_EQ(disk.files().make_directory("cut"), kNoError);
        durable_file(disk, "log", "Ana");
        EXPECT_EQ(disk.files().rename("log", "cut/log"), kNoError);
      },
      [](const SimulatedDisk& disk) {
        return content(disk, "log") + " " + content(disk, "cut/log");
      });
  EXPECT_THAT(found, UnorderedElementsAre("Ana (none)", "Ana Ana", "(none) Ana"));
}

TEST(SimulatedDiskTest, SyncOfTheDirectoryMakesItsNamesDurable) {
  const auto found = after_power_cut(
      [](SimulatedDisk& disk) {
        EXPECT_EQ(disk.files().make_directory("cut"), kNoError);
        durable_file(disk, "log", "Ana");
        EXPECT_EQ(disk.files().rename("log", "cut/log"), kNoError);
        EXPECT_EQ(disk.files().sync_directory("cut"), kNoError);
        EXPECT_EQ(disk.files().sync_directory("."), kNoError);
      },
      [](const SimulatedDisk& disk) {
        return content(disk, "log") + " " + content(disk, "cut/log");
      });
  EXPECT_THAT(found, UnorderedElementsAre("(none) Ana"));
}

TEST(SimulatedDiskTest, ADirectoryThatWasNotSyncedIsLostWithWhatIsInIt) {
  const auto found = after_power_cut(
      [](SimulatedDisk& disk) {
        EXPECT_EQ(disk.files().make_directory("bets"), kNoError);
        const auto file = open(disk, "bets/log", Open::kCreate);
        EXPECT_EQ(disk.files().sync_directory("bets"), kNoError);
      },
      content_of("bets/log"));
  EXPECT_THAT(found, UnorderedElementsAre("", "(none)"));
}

TEST(SimulatedDiskTest, ACrashOfTheProgramLosesNothingThatItWrote) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SimulatedDisk disk(seed);
    const auto file = open(disk, "log", Open::kCreate);
    write(*file, "Ana");
    disk.crash();
    ASSERT_EQ(content(disk, "log"), "Ana");
  }
}

TEST(SimulatedDiskTest, WhatIsLeftOfACrashedProgramDoesNothing) {
  SimulatedDisk disk;
  const FileSystem& before = disk.files();
  const auto file = durable_file(disk, "log", "Ana");
  disk.crash();
  EXPECT_EQ(file->write_at(as_bytes("Luz"), 0).error(), posix(EBADF));
  EXPECT_EQ(file->sync(), posix(EBADF));
  EXPECT_EQ(before.remove("log"), posix(EBADF));
  EXPECT_EQ(content(disk, "log"), "Ana");
  EXPECT_NE(open(disk, "log", Open::kRead), nullptr);
}

TEST(SimulatedDiskTest, ALockIsHeldUntilItsFileIsClosedOrTheProgramCrashes) {
  SimulatedDisk disk;
  auto held = disk.files().open_locked("LOCK");
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(disk.files().open_locked("LOCK").error(), make_error_code(StoreError::kLocked));
  held->reset();
  auto again = disk.files().open_locked("LOCK");
  ASSERT_TRUE(again.has_value());
  disk.crash();
  const auto next = disk.files().open_locked("LOCK");
  ASSERT_TRUE(next.has_value());
  again->reset();  // of the program that crashed: not the lock of the next one
  EXPECT_EQ(disk.files().open_locked("LOCK").error(), make_error_code(StoreError::kLocked));
}

TEST(SimulatedDiskTest, TheCallThatIsAskedForFailsOnce) {
  SimulatedDisk disk;
  const auto file = durable_file(disk, "log", "Ana");
  disk.fail_call(2, {ENOSPC, false});
  EXPECT_TRUE(file->size().has_value());
  EXPECT_EQ(file->write_at(as_bytes("Luz"), 0).error(), posix(ENOSPC));
  EXPECT_TRUE(file->size().has_value());
  EXPECT_EQ(disk.failed_call(), "write_at log");
  EXPECT_EQ(content(disk, "log"), "Ana");
}

TEST(SimulatedDiskTest, TheCallThatIsAskedForFailsForGood) {
  SimulatedDisk disk;
  durable_file(disk, "log", "Ana");
  disk.fail_call(1, {EIO, true});
  EXPECT_EQ(disk.files().open("log", Open::kRead).error(), posix(EIO));
  EXPECT_EQ(disk.files().list_directory(".").error(), posix(EIO));
  disk.heal();
  EXPECT_NE(open(disk, "log", Open::kRead), nullptr);
}

TEST(SimulatedDiskTest, AShortCallDoesHalf) {
  SimulatedDisk disk;
  const auto file = durable_file(disk, "log", "");
  disk.fail_call(1, {0, true});
  EXPECT_EQ(*file->write_at(as_bytes("AnaLuz"), 0), 3U);
  std::array<std::byte, 2> two;
  EXPECT_EQ(*file->read_at(two, 0), 1U);
  EXPECT_EQ(content(disk, "log"), "Ana");
}

TEST(SimulatedDiskTest, ADiskThatFillsUpIsShortBeforeItFails) {
  SimulatedDisk disk;
  const auto file = durable_file(disk, "log", "");
  disk.fail_call(1, {ENOSPC, false, true});
  EXPECT_EQ(*file->write_at(as_bytes("AnaLuz"), 0), 3U);
  EXPECT_EQ(file->write_at(as_bytes("Luz"), 3).error(), posix(ENOSPC));
  EXPECT_EQ(*file->write_at(as_bytes("Luz"), 3), 3U);
  EXPECT_EQ(content(disk, "log"), "AnaLuz");
}

TEST(SimulatedDiskTest, AWriteThatFailsMayHaveWrittenAPart) {
  Found found;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SimulatedDisk disk(seed);
    const auto file = durable_file(disk, "log", "");
    disk.fail_call(1, {EIO, false});
    EXPECT_EQ(file->write_at(as_bytes("Ana"), 0).error(), posix(EIO));
    found.insert(content(disk, "log"));
  }
  EXPECT_THAT(found, UnorderedElementsAre("", "A", "An", "Ana"));
}

TEST(SimulatedDiskTest, AFailedSyncMayGiveUpWhatLaterSyncsDoNotWrite) {
  Found found;
  Found seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SimulatedDisk disk(seed);
    const auto file = durable_file(disk, "log", sectors("a"));
    write(*file, sectors("b"));
    disk.fail_call(1, {EIO, false});
    EXPECT_EQ(file->sync_data(), posix(EIO));
    EXPECT_EQ(file->sync_data(), kNoError);
    seen.insert(letters(content(disk, "log")));
    disk.cut_power();
    found.insert(letters(content(disk, "log")));
  }
  EXPECT_EQ(seen, (Found{"a", "b"}));
  EXPECT_EQ(found, (Found{"a", "b"}));
}

TEST(SimulatedDiskTest, DroppingTheCacheShowsWhatIsOnTheDisk) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SimulatedDisk disk(seed);
    const auto file = durable_file(disk, "log", sectors("ab"));
    write(*file, sectors("cd"));
    disk.fail_call(1, {EIO, false});
    EXPECT_EQ(file->sync_data(), posix(EIO));
    file->drop_cache();
    EXPECT_EQ(file->sync_data(), kNoError);
    const std::string seen = content(disk, "log");
    disk.cut_power();
    ASSERT_EQ(letters(content(disk, "log")), letters(seen)) << seed;
  }
}

TEST(SimulatedDiskTest, AKilledProgramDidTheCallOrDidNotAndNothingAfterIt) {
  Found found;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SimulatedDisk disk(seed);
    durable_file(disk, "old", "Ana");
    disk.kill_at_call(1);
    EXPECT_EQ(disk.files().rename("old", "new"), posix(EBADF));
    EXPECT_TRUE(disk.was_killed());
    EXPECT_EQ(disk.files().remove("new"), posix(EBADF));
    disk.crash();
    EXPECT_FALSE(disk.was_killed());
    found.insert(content(disk, "old") + " " + content(disk, "new"));
  }
  EXPECT_THAT(found, UnorderedElementsAre("Ana (none)", "(none) Ana"));
}

TEST(SimulatedDiskTest, AFullDiskTakesWhatFitsAndOverwritesAtWill) {
  SimulatedDisk disk;
  const auto file = durable_file(disk, "log", "Ana");
  disk.limit_to(5);
  EXPECT_EQ(*file->write_at(as_bytes("Luz"), 3), 2U);
  EXPECT_EQ(file->write_at(as_bytes("z"), 5).error(), posix(ENOSPC));
  EXPECT_EQ(*file->write_at(as_bytes("Sol"), 0), 3U);
  EXPECT_EQ(content(disk, "log"), "SolLu");
  EXPECT_EQ(disk.files().remove("log"), kNoError);
  EXPECT_EQ(disk.used(), 0U);
}

TEST(SimulatedDiskTest, ErrorsAreThoseOfPosix) {
  SimulatedDisk disk;
  durable_file(disk, "log", "");
  const FileSystem& files = disk.files();
  EXPECT_EQ(files.open("none", Open::kRead).error(), posix(ENOENT));
  EXPECT_EQ(files.open("none/log", Open::kCreate).error(), posix(ENOENT));
  EXPECT_EQ(files.open("log/log", Open::kCreate).error(), posix(ENOTDIR));
  EXPECT_EQ(files.make_directory("log"), posix(EEXIST));
  EXPECT_EQ(files.rename("none", "log"), posix(ENOENT));
  EXPECT_EQ(files.remove("none"), posix(ENOENT));
  EXPECT_EQ(files.sync_directory("none"), posix(ENOENT));
  EXPECT_EQ(files.list_directory("log").error(), posix(ENOTDIR));
  EXPECT_EQ(open(disk, "log", Open::kRead)->write_at(as_bytes("x"), 0).error(), posix(EBADF));
}

TEST(SimulatedDiskTest, AListHoldsTheNamesOfTheDirectoryAlone) {
  const SimulatedDisk disk(DiskImage{{"bets/log", ""}, {"bets/cut/log", ""}, {"other", ""}}, 0);
  EXPECT_THAT(*disk.files().list_directory("bets"), UnorderedElementsAre("log", "cut"));
}

TEST(SimulatedDiskTest, AnImageIsWholeAndDurable) {
  const DiskImage image{{"bets/log", "Ana"}, {"bets/cut/log", "Luz"}};
  SimulatedDisk disk(image, 0);
  disk.cut_power();
  EXPECT_EQ(disk.image(), image);
}

TEST(SimulatedDiskTest, TheSameSeedLeavesTheSame) {
  const auto left = [](std::uint64_t seed) {
    SimulatedDisk disk(seed);
    const auto file = durable_file(disk, "log", sectors("abcdefgh"));
    write(*file, sectors("ABCDEFGH"));
    disk.cut_power();
    return letters(content(disk, "log"));
  };
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    ASSERT_EQ(left(seed), left(seed));
  }
}

}  // namespace
}  // namespace sorteo::test
