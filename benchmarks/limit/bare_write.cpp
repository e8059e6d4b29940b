#include "benchmarks/limit/bare_write.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "benchmarks/limit/written_space.hpp"

namespace sorteo::limit {

namespace {

double percentile(const std::vector<double>& sorted, double percent) {
  const auto rank =
      static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

}  // namespace

CommitTimes time_bare_writes(std::size_t bytes, std::size_t count, const std::string& directory) {
  using Clock = std::chrono::steady_clock;
  WrittenSpace space(directory, std::uint64_t{bytes} * count);
  const std::vector<std::byte> data(bytes, std::byte{'b'});
  std::vector<double> times;
  times.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    space.append(data);
    space.sync();
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
  }
  std::ranges::sort(times);
  return {percentile(times, 50), percentile(times, 90), percentile(times, 99), times.back()};
}

}  // namespace sorteo::limit
