#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/agency_gate.hpp"
#include "core/draw.hpp"
#include "core/log.hpp"
#include "storage/file_bet_store.hpp"
#include "transport/server.hpp"

namespace sorteo {

enum class StorageType : std::uint8_t { kFile, kMemory };

struct StorageOptions {
  StorageType type = StorageType::kFile;
  FileStoreOptions file;  ///< of kFile
};

/// What the operator decides: one field for each key of configs/server.schema.json, which says what
/// they mean and which values they may have.
struct Configuration {
  ServerOptions server = [] {
    ServerOptions options;
    options.listeners.front().port = 12345;
    return options;
  }();
  DrawOptions draw;
  AgencyGate::Rules agencies;
  StorageOptions storage;
  bool allow_insecure = false;  ///< to listen for everybody without asking for certificates
  LogLevel log_level = LogLevel::kInfo;
  std::size_t max_waiting_questions = 100'000;       ///< for the winners; of all connections
  std::chrono::milliseconds shutdown_grace{10'000};  ///< for requests in flight to be answered
};

/// Something wrong in a configuration, for a person.
struct ConfigFault {
  std::string key;      ///< `draw.agencies`; empty when it is the document as a whole
  std::string problem;  ///< what was found and what was expected; one line

  /// `draw.agencies: found 0, expected an integer from 1 to 4294967295`
  std::string message() const { return key.empty() ? problem : key + ": " + problem; }

  friend bool operator==(const ConfigFault&, const ConfigFault&) = default;
};

using ConfigFaults = std::vector<ConfigFault>;

/// Reads a configuration from JSON. Keys that are left out have their defaults. The error is
/// everything that is wrong, in the order of the keys; a text that is no JSON has one fault, which
/// tells line and column.
boost::system::result<Configuration, ConfigFaults> parse_configuration(std::string_view text);

/// The same from the file at `path`, which is at most 1 MiB.
boost::system::result<Configuration, ConfigFaults> load_configuration(const std::string& path);

/// Every key with its value, as indented JSON that parse_configuration reads back.
std::string to_json(const Configuration& configuration);

/// The word of the configuration for a value: "fsync", "memory", "info".
std::string_view word_of(Durability durability) noexcept;
std::string_view word_of(StorageType type) noexcept;
std::string_view word_of(LogLevel level) noexcept;
std::string_view word_of(ListenerSecurity security) noexcept;

/// The keys, as `limits.idle_timeout_ms`, whose values differ, in their order.
std::vector<std::string> changed_keys(const Configuration& before, const Configuration& after);

}  // namespace sorteo
