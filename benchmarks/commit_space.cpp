// What a commit costs (one write and one fdatasync), depending on the space that it goes into. The
// log of the store preallocates its segments by writing them because of what this shows
// (docs/storage.md, "Segments").
//
// usage: commit_space DIRECTORY [COMMITS]
//   DIRECTORY   on the disk that is to be measured; files are made there and removed
//   COMMITS     of each kind and size, in rounds that take turns (2000)

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRounds = 20;
constexpr std::size_t kZeroChunk = 1024 * 1024;

void require(bool success, const char* what) {
  if (!success) {
    throw std::system_error(errno, std::generic_category(), what);
  }
}

enum class Space { kAppended, kAllocated, kWritten, kRecycled };

struct Kind {
  Space space;
  const char* name;
};

constexpr std::array<Kind, 4> kKinds = {{
    {Space::kAppended, "appended to the end of the file"},
    {Space::kAllocated, "allocated by fallocate"},
    {Space::kWritten, "written with zeros before"},
    {Space::kRecycled, "written with other data before"},
}};

// A file that disappears with this.
class ScratchFile final {
 public:
  explicit ScratchFile(std::string path)
      : path_(std::move(path)),
        descriptor_(::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
    require(descriptor_ >= 0, path_.c_str());
  }
  ~ScratchFile() {
    ::close(descriptor_);
    ::unlink(path_.c_str());
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  void prepare(Space space, std::size_t bytes) const {
    if (space == Space::kAllocated) {
      require(::fallocate(descriptor_, 0, 0, static_cast<off_t>(bytes)) == 0, "fallocate");
    } else if (space != Space::kAppended) {
      const std::vector<char> chunk(kZeroChunk, space == Space::kWritten ? '\0' : 'x');
      for (std::size_t at = 0; at < bytes; at += chunk.size()) {
        write(chunk.data(), std::min(chunk.size(), bytes - at), at);
      }
    }
    require(::fsync(descriptor_) == 0, "fsync");
  }

  void write(const char* data, std::size_t size, std::size_t at) const {
    require(::pwrite(descriptor_, data, size, static_cast<off_t>(at)) == static_cast<ssize_t>(size),
            "pwrite");
  }

  void sync() const { require(::fdatasync(descriptor_) == 0, "fdatasync"); }

 private:
  const std::string path_;
  const int descriptor_;
};

// Commits one after the other into one kind of space.
class Committer final {
 public:
  Committer(const std::string& path, Space space, std::size_t size, std::size_t commits)
      : file_(path), data_(size, 'b') {
    file_.prepare(space, size * commits);
  }

  void commit(std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      const auto begin = Clock::now();
      file_.write(data_.data(), data_.size(), at_);
      file_.sync();
      at_ += data_.size();
      taken_.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
    }
  }

  double median() {
    std::ranges::sort(taken_);
    return taken_[taken_.size() / 2];
  }

 private:
  ScratchFile file_;
  const std::vector<char> data_;
  std::size_t at_ = 0;
  std::vector<double> taken_;
};

void measure(const std::string& directory, std::size_t size, std::size_t commits) {
  std::vector<std::unique_ptr<Committer>> committers;
  for (const Kind& kind : kKinds) {
    committers.push_back(std::make_unique<Committer>(
        directory + "/commit_space." + std::to_string(committers.size()), kind.space, size,
        commits));
  }
  for (std::size_t round = 0; round < kRounds; ++round) {
    for (const auto& committer : committers) {
      committer->commit(commits / kRounds);
    }
  }
  const double written = committers[2]->median();
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    const double median = committers[i]->median();
    std::printf("%7zu bytes, %-32s median %8.1f us, %5.2f of written with zeros\n", size,
                kKinds[i].name, median, median / written);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3 || std::strcmp(argv[1], "--help") == 0) {
    std::fputs("usage: commit_space DIRECTORY [COMMITS]\n", argc == 2 ? stdout : stderr);
    return argc == 2 ? 0 : 2;
  }
  const long commits = argc == 3 ? std::strtol(argv[2], nullptr, 10) : 2000;
  if (commits < static_cast<long>(kRounds) || commits > 1'000'000) {
    std::fprintf(stderr, "commit_space: COMMITS is a number from %zu to 1000000\n", kRounds);
    return 2;
  }
  try {
    for (const std::size_t size : {std::size_t{512}, std::size_t{8192}, std::size_t{65536}}) {
      measure(argv[1], size, static_cast<std::size_t>(commits));
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "commit_space: %s\n", error.what());
    return 1;
  }
}
