#include "apps/server/configuration.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
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

constexpr std::array<Words<ListenerSecurity>, 3> kSecurities{
    {{ListenerSecurity::kPlain, "plain"},
     {ListenerSecurity::kTls, "tls"},
     {ListenerSecurity::kMutualTls, "mutual_tls"}}};

constexpr const auto& words_for(Durability) { return kDurabilities; }
constexpr const auto& words_for(StorageType) { return kStorageTypes; }
constexpr const auto& words_for(LogLevel) { return kLogLevels; }
constexpr const auto& words_for(ListenerSecurity) { return kSecurities; }

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
  visit("/listen/security", config.server.listeners.front().security);
  visit("/allow_insecure", config.allow_insecure);
  visit("/tls/certificate", config.server.tls.certificate);
  visit("/tls/key", config.server.tls.key);
  visit("/tls/ca", config.server.tls.ca);
  visit("/tls/crl", config.server.tls.crl);
  visit("/agencies/disabled", config.agencies.disabled);
  visit("/agencies/max_bets_per_second", config.agencies.max_bets_per_second);
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
  visit("/limits/handshake_timeout_ms", config.server.limits.handshake_timeout);
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

void read_listener(const json& value, ListenerOptions& listener) {
  if (value.contains("host")) {
    read(value["host"], listener.host);
  }
  read(value["port"], listener.port);
  if (value.contains("security")) {
    read(value["security"], listener.security);
  }
}

json written_listener(const ListenerOptions& listener) {
  return {
      {"host", listener.host}, {"port", listener.port}, {"security", written(listener.security)}};
}

// What no schema can say.
ConfigFaults find_contradictions(const json& root, const Configuration& configuration) {
  ConfigFaults faults;
  if (root.contains("listen") && root.contains("listeners")) {
    faults.push_back({"listeners", "stands beside listen, expected one of the two"});
  }
  const auto& listeners = configuration.server.listeners;
  for (std::size_t at = 1; at < listeners.size(); ++at) {
    const auto same =
        std::find_if(listeners.begin(), listeners.begin() + static_cast<std::ptrdiff_t>(at),
                     [&](const ListenerOptions& other) {
                       return other.port != 0 && other.port == listeners[at].port &&
                              other.host == listeners[at].host;
                     });
    if (same != listeners.begin() + static_cast<std::ptrdiff_t>(at)) {
      faults.push_back(
          {"listeners[" + std::to_string(at) + "]",
           "has the host and port of listeners[" + std::to_string(same - listeners.begin()) + "]"});
    }
  }
  return faults;
}

// An empty path is a key that was left out.
void drop_empty(json& section, std::initializer_list<const char*> keys) {
  for (const char* const key : keys) {
    if (section[key] == "") {
      section.erase(key);
    }
  }
}

// `limits.idle_timeout_ms`, without what lies deeper than a key of a section.
std::string dotted_key(const json::json_pointer& place) {
  const std::string text = place.to_string();  // "/limits/idle_timeout_ms"
  const std::size_t section = text.find('/', 1);
  if (section == std::string::npos || text.starts_with("/listeners")) {
    return text.substr(1, section == std::string::npos ? section : section - 1);
  }
  const std::size_t deeper = text.find('/', section + 1);
  return text.substr(1, section - 1) + "." +
         text.substr(section + 1, deeper == std::string::npos ? deeper : deeper - section - 1);
}

json document_of(const Configuration& configuration) {
  json root = json::object();
  for_each_key(configuration, [&root](const char* pointer, const auto& field) {
    root[json::json_pointer(pointer)] = written(field);
  });
  drop_empty(root["storage"], {"path"});
  drop_empty(root["tls"], {"certificate", "key", "ca", "crl"});
  if (configuration.server.listeners.size() > 1) {
    root.erase("listen");
    for (const ListenerOptions& listener : configuration.server.listeners) {
      root["listeners"].push_back(written_listener(listener));
    }
  }
  return root;
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
  if (document.root.contains("listeners")) {
    configuration.server.listeners.clear();
    for (const json& listener : document.root["listeners"]) {
      read_listener(listener, configuration.server.listeners.emplace_back());
    }
  }
  faults = find_contradictions(document.root, configuration);
  if (!faults.empty()) {
    return faults;
  }
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
  return document_of(configuration).dump(2);
}

std::vector<std::string> changed_keys(const Configuration& before, const Configuration& after) {
  const json one = document_of(before);
  const json other = document_of(after);
  std::set<std::string> keys;
  for (const json& difference : json::diff(one, other)) {
    const json::json_pointer place(difference["path"].get<std::string>());
    keys.insert(dotted_key(place));
  }
  return {keys.begin(), keys.end()};
}

std::string_view word_of(Durability durability) noexcept { return find_word(durability); }
std::string_view word_of(StorageType type) noexcept { return find_word(type); }
std::string_view word_of(LogLevel level) noexcept { return find_word(level); }
std::string_view word_of(ListenerSecurity security) noexcept { return find_word(security); }

}  // namespace sorteo
