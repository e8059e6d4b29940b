#include "apps/server/configuration.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "apps/server/config_document.hpp"
#include "apps/server/config_schema.hpp"

namespace sorteo {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxFileBytes = 1024 * 1024;

template <typename T>
using Words = std::pair<T, std::string_view>;

constexpr std::array<Words<Durability>, 3> kDurabilities{
    {{Durability::kFsync, "fsync"}, {Durability::kInterval, "interval"}, {Durability::kOs, "os"}}};
constexpr std::array<Words<StorageType>, 2> kStorageTypes{
    {{StorageType::kFile, "file"}, {StorageType::kMemory, "memory"}}};
constexpr std::array<Words<LogLevel>, 4> kLogLevels{{{LogLevel::kDebug, "debug"},
                                                     {LogLevel::kInfo, "info"},
                                                     {LogLevel::kWarning, "warning"},
                                                     {LogLevel::kError, "error"}}};

constexpr const auto& words_for(Durability) { return kDurabilities; }
constexpr const auto& words_for(StorageType) { return kStorageTypes; }
constexpr const auto& words_for(LogLevel) { return kLogLevels; }

template <typename T>
std::string_view find_word(T value) noexcept {
  for (const auto& [candidate, word] : words_for(value)) {
    if (candidate == value) {
      return word;
    }
  }
  return "unknown";
}

// The one table of keys and fields: reading and writing both go over it.
template <typename Config, typename Visitor>
void for_each_key(Config& config, Visitor&& visit) {
  visit("/listen/host", config.server.listeners.front().host);
  visit("/listen/port", config.server.listeners.front().port);
  visit("/threads", config.server.threads);
  visit("/draw/agencies", config.draw.agencies);
  visit("/draw/winning_number", config.draw.winning_number);
  visit("/storage/type", config.storage.type);
  visit("/storage/path", config.storage.file.path);
  visit("/storage/durability", config.storage.file.durability);
  visit("/storage/interval_ms", config.storage.file.sync_interval);
  visit("/log/level", config.log_level);
  visit("/limits/max_frame_bytes", config.server.limits.max_frame_bytes);
  visit("/limits/max_requests_in_flight", config.server.limits.max_requests_in_flight);
  visit("/limits/max_reply_bytes", config.server.limits.max_reply_bytes);
  visit("/limits/idle_timeout_ms", config.server.limits.idle_timeout);
  visit("/limits/frame_timeout_ms", config.server.limits.frame_timeout);
  visit("/limits/write_timeout_ms", config.server.limits.write_timeout);
  visit("/limits/linger_timeout_ms", config.server.limits.linger_timeout);
  visit("/limits/max_waiting_questions", config.max_waiting_questions);
  visit("/shutdown/grace_ms", config.shutdown_grace);
}

// The schema has vouched for types and ranges.
template <typename T>
void read(const json& value, T& field) {
  if constexpr (std::is_enum_v<T>) {
    for (const auto& [candidate, word] : words_for(field)) {
      if (value == word) {
        field = candidate;
      }
    }
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    field = std::chrono::milliseconds(value.get<std::int64_t>());
  } else {
    field = value.get<T>();
  }
}

template <typename T>
json written(const T& field) {
  if constexpr (std::is_enum_v<T>) {
    return find_word(field);
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    return field.count();
  } else {
    return field;
  }
}

}  // namespace

boost::system::result<Configuration, ConfigFaults> parse_configuration(std::string_view text) {
  auto document = parse_document(text);
  if (document.root.is_discarded()) {
    return std::move(document.faults);
  }
  ConfigFaults faults = find_schema_faults(document.root);
  faults.insert(faults.begin(), document.faults.begin(), document.faults.end());
  if (!faults.empty()) {
    return faults;
  }
  Configuration configuration;
  for_each_key(configuration, [&](const char* pointer, auto& field) {
    const json::json_pointer key(pointer);
    if (document.root.contains(key)) {
      read(document.root.at(key), field);
    }
  });
  return configuration;
}

boost::system::result<Configuration, ConfigFaults> load_configuration(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxFileBytes + 1, '\0');
  if (file) {
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
  }
  if (!file.is_open() || file.bad() || (file.fail() && !file.eof())) {
    return ConfigFaults{{"", std::string("cannot be read: ") + std::strerror(errno)}};
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxFileBytes) {
    return ConfigFaults{{"", "is larger than 1 MiB, which no configuration is"}};
  }
  return parse_configuration(text);
}

std::string to_json(const Configuration& configuration) {
  json root = json::object();
  for_each_key(configuration, [&root](const char* pointer, const auto& field) {
    root[json::json_pointer(pointer)] = written(field);
  });
  if (configuration.storage.file.path.empty()) {
    root["storage"].erase("path");
  }
  return root.dump(2);
}

std::string_view word_of(Durability durability) noexcept { return find_word(durability); }
std::string_view word_of(StorageType type) noexcept { return find_word(type); }
std::string_view word_of(LogLevel level) noexcept { return find_word(level); }

}  // namespace sorteo
