// The limit: a bare program that receives what Sorteo receives, does not look at it, writes it to
// the disk in groups, and answers. What it reaches is what the machine allows
// (benchmarks/README.md).

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/limit/bare_write.hpp"
#include "benchmarks/limit/server.hpp"

namespace {

constexpr const char* kUsage =
    "usage: limit_server --dir DIR [--port N] [--threads N] [--bets-per-batch N] [--space-mb N]\n"
    "                    [--ring-kb N] [--write buffered|direct]\n"
    "       limit_server --latency BYTES COUNT DIR\n"
    "  --dir DIR             where the segments are made; they stay there\n"
    "  --port N              to listen on, of 127.0.0.1; 0, the default: one that the system "
    "picks\n"
    "  --threads N           that read and answer (2)\n"
    "  --bets-per-batch N    what the answers say; it does not look into the batches (100)\n"
    "  --space-mb N          MiB that are written with zeros and synced before it listens, and "
    "then\n"
    "                        used again and again (2048)\n"
    "  --ring-kb N           KiB of memory between each thread and the disk (8192)\n"
    "  --write WAY           buffered: through the system's memory, the default; direct: past it\n"
    "  --latency ...         no server: commits BYTES bytes COUNT times, one after another, and\n"
    "                        prints how long a commit takes, in microseconds, as JSON\n";

// A number that must not be 0 unless `zero` is good, too.
bool parse(const std::string& text, std::uint64_t max, std::uint64_t& number, bool zero = false) {
  char* end = nullptr;
  number = std::strtoull(text.c_str(), &end, 10);
  return !text.empty() && text[0] >= '0' && text[0] <= '9' && *end == '\0' && number <= max &&
         (zero || number > 0);
}

bool parse_option(const std::string& name, const std::string& value,
                  sorteo::limit::ServerOptions& options) {
  std::uint64_t number = 0;
  if (name == "--dir") {
    options.directory = value;
    return !value.empty();
  }
  if (name == "--write") {
    options.way =
        value == "direct" ? sorteo::limit::WriteWay::kDirect : sorteo::limit::WriteWay::kBuffered;
    return value == "direct" || value == "buffered";
  }
  if (name == "--port" && parse(value, 65535, number, true)) {
    options.port = static_cast<std::uint16_t>(number);
  } else if (name == "--threads" && parse(value, 64, number)) {
    options.threads = static_cast<unsigned>(number);
  } else if (name == "--bets-per-batch" && parse(value, 1'000'000, number)) {
    options.io.bets_per_batch = static_cast<std::uint32_t>(number);
  } else if (name == "--space-mb" && parse(value, 1'000'000, number)) {
    options.space_mib = number;
  } else if (name == "--ring-kb" && parse(value, 1'000'000, number) && number >= 4) {
    options.io.ring_bytes = number * 1024 / 4096 * 4096;
  } else {
    return false;
  }
  return true;
}

bool parse_options(const std::vector<std::string>& arguments,
                   sorteo::limit::ServerOptions& options) {
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (i + 1 == arguments.size() || !parse_option(arguments[i], arguments[i + 1], options)) {
      std::fprintf(stderr, "limit_server: cannot make sense of %s\n", arguments[i].c_str());
      return false;
    }
  }
  return !options.directory.empty();
}

int run_latency(const std::vector<std::string>& arguments) {
  std::uint64_t bytes = 0;
  std::uint64_t count = 0;
  if (arguments.size() != 4 || !parse(arguments[1], 1 << 30, bytes) ||
      !parse(arguments[2], 100'000'000, count)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const auto times = sorteo::limit::time_bare_writes(bytes, count, arguments[3]);
  std::printf(
      "{\"bytes\":%llu,\"count\":%llu,\"latency_us\":{\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,"
      "\"max\":%.1f}}\n",
      static_cast<unsigned long long>(bytes), static_cast<unsigned long long>(count), times.p50,
      times.p90, times.p99, times.max);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (std::ranges::find(arguments, "--help") != arguments.end()) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  try {
    if (!arguments.empty() && arguments[0] == "--latency") {
      return run_latency(arguments);
    }
    sorteo::limit::ServerOptions options;
    if (!parse_options(arguments, options)) {
      std::fputs(kUsage, stderr);
      return 2;
    }
    sorteo::limit::run_server(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "limit_server: %s\n", error.what());
    return 1;
  }
}
