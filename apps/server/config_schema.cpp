#include "apps/server/config_schema.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/server/config_schema_text.hpp"
#include "apps/server/nearest.hpp"
#include "apps/server/schema_check.hpp"
#include "core/text.hpp"

namespace sorteo {
namespace {

using nlohmann::json;
using Path = std::vector<std::string>;

std::string in_quotes(std::string_view text) { return '"' + escaped(text) + '"'; }

// Of an element of a list; no key is called so.
bool is_index(const std::string& part) {
  return !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
}

std::string dotted(const Path& path) {
  std::string result;
  for (const std::string& part : path) {
    if (is_index(part)) {
      result += "[" + part + "]";
    } else {
      result += (result.empty() ? "" : ".") + escaped(part);
    }
  }
  return result;
}

Path child(Path path, std::string key) {
  path.push_back(std::move(key));
  return path;
}

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) {
    keys.push_back(key);
  }
  return keys;
}

// `"a", "b" or "c"`
std::string alternatives(const std::vector<std::string>& words) {
  std::string result;
  for (std::size_t at = 0; at < words.size(); ++at) {
    result += at == 0 ? "" : at + 1 == words.size() ? " or " : ", ";
    result += in_quotes(words[at]);
  }
  return result;
}

std::string describe_found(const json& value) {
  switch (value.type()) {
    case json::value_t::string:
      return in_quotes(value.get_ref<const std::string&>());
    case json::value_t::object:
      return "an object";
    case json::value_t::array:
      return "an array";
    default:
      return value.dump();
  }
}

std::string describe_expected(const json& schema) {
  const std::string type = schema.value("type", "");
  if (schema.contains("enum")) {
    return alternatives(schema["enum"].get<std::vector<std::string>>());
  }
  if (type == "integer") {
    return "an integer from " + schema["minimum"].dump() + " to " + schema["maximum"].dump();
  }
  if (type == "string") {
    return "a text of " + schema["minLength"].dump() + " to " + schema["maxLength"].dump() +
           " characters";
  }
  if (type == "boolean") {
    return "true or false";
  }
  if (type == "array") {
    return "a list of " + std::to_string(schema.value("minItems", 0)) + " to " +
           schema["maxItems"].dump() + " elements";
  }
  return "an object";
}

std::string describe_wrong(const json& value, const json& schema) {
  std::string result = "found " + describe_found(value) + ", expected " + describe_expected(schema);
  if (schema.contains("enum") && value.is_string()) {
    const auto words = schema["enum"].get<std::vector<std::string>>();
    if (const auto meant = nearest(value.get_ref<const std::string&>(), words)) {
      result += "; did you mean " + in_quotes(*meant) + "?";
    }
  }
  return result;
}

// The keys of the whole schema that are called like `key`, or nearly so.
std::optional<std::string> nearest_elsewhere(std::string_view key) {
  std::vector<std::string> names = keys_of(config_schema()["properties"]);
  std::map<std::string, std::string> paths;
  for (const std::string& section : names) {
    paths.emplace(section, section);
  }
  for (const std::string& section : std::vector<std::string>(names)) {
    const json& node = config_schema()["properties"][section];
    for (const std::string& name : keys_of(node.value("properties", json::object()))) {
      names.push_back(name);
      paths.emplace(name, section + "." + name);
    }
  }
  const auto name = nearest(key, names);
  return name ? std::optional(paths.at(*name)) : std::nullopt;
}

std::string describe_unknown(const Path& parent, const std::string& key, const json& properties) {
  const std::vector<std::string> known = keys_of(properties);
  if (const auto meant = nearest(key, known)) {
    return "unknown key, did you mean " + in_quotes(dotted(child(parent, *meant))) + "?";
  }
  if (const auto meant = nearest_elsewhere(key)) {
    return "unknown key, did you mean " + in_quotes(*meant) + "?";
  }
  return "unknown key, expected " + alternatives(known);
}

// What the schema says of the key at `path`; null when it says nothing.
const json* schema_at(const Path& path) {
  const json* node = &config_schema();
  for (const std::string& part : path) {
    if (is_index(part) && node->contains("items")) {
      node = &(*node)["items"];
      continue;
    }
    const auto properties = node->find("properties");
    if (properties == node->end() || !properties->contains(part)) {
      return nullptr;
    }
    node = &(*properties)[part];
  }
  return node;
}

const json* value_at(const json& document, const Path& path) {
  const json* node = &document;
  for (const std::string& part : path) {
    if (node->is_array() && is_index(part) && std::stoul(part) < node->size()) {
      node = &(*node)[std::stoul(part)];
    } else if (node->is_object() && node->contains(part)) {
      node = &(*node)[part];
    } else {
      return nullptr;
    }
  }
  return node;
}

// The faults found so far: one for each key, in the order of the keys.
using Found = std::map<std::string, std::string>;

void find_unknown_keys(const json& value, const json& schema, const Path& path, Found& found) {
  if (value.is_array() && schema.contains("items")) {
    for (std::size_t at = 0; at < value.size(); ++at) {
      find_unknown_keys(value[at], schema["items"], child(path, std::to_string(at)), found);
    }
  }
  if (!value.is_object() || !schema.contains("properties")) {
    return;
  }
  const json& properties = schema["properties"];
  for (const auto& [key, inner] : value.items()) {
    if (properties.contains(key)) {
      find_unknown_keys(inner, properties[key], child(path, key), found);
    } else {
      found.emplace(dotted(child(path, key)), describe_unknown(path, key, properties));
    }
  }
}

// A text with a NUL would be cut off where the system takes it.
void find_control_characters(const json& value, const Path& path, Found& found) {
  if (value.is_array()) {
    for (std::size_t at = 0; at < value.size(); ++at) {
      find_control_characters(value[at], child(path, std::to_string(at)), found);
    }
    return;
  }
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      find_control_characters(inner, child(path, key), found);
    }
  } else if (value.is_string() &&
             inspect_text(value.get_ref<const std::string&>()) != TextState::kClean) {
    found.emplace(dotted(path), "found " + describe_found(value) +
                                    ", expected a text without control characters");
  }
}

// The key that valijson found missing, if that is what `violation` says.
std::optional<std::string> missing_key(const SchemaViolation& violation) {
  constexpr std::string_view kBegin = "Missing required property '";
  constexpr std::string_view kEnd = "'.";
  if (!violation.description.starts_with(kBegin)) {
    return std::nullopt;
  }
  return violation.description.substr(kBegin.size(),
                                      violation.description.size() - kBegin.size() - kEnd.size());
}

// Of an object, only a wrong type is its own fault; of a list, also its length; the rest are its
// members'.
bool is_of_its_members(const json& value, const json& schema) {
  const std::string type = schema.value("type", "");
  return (type == "object" && value.is_object()) ||
         (type == "array" && value.is_array() && value.size() >= schema.value("minItems", 0U) &&
          value.size() <= schema["maxItems"].get<std::size_t>());
}

void explain(const SchemaViolation& violation, const json& document, Found& found) {
  Path path = violation.path;
  if (const auto key = missing_key(violation)) {
    path.push_back(*key);
    const json* schema = schema_at(path);
    found.emplace(dotted(path),
                  "is missing, expected " + (schema ? describe_expected(*schema) : "a value"));
    return;
  }
  const json* value = value_at(document, path);
  const json* schema = schema_at(path);
  if (value && schema && !is_of_its_members(*value, *schema)) {
    found.emplace(dotted(path), describe_wrong(*value, *schema));
  }
}

void validate(const json& document, Found& found) {
  const std::vector<SchemaViolation> violations = check_schema(document, config_schema());
  for (const SchemaViolation& violation : violations) {
    explain(violation, document, found);
  }
  if (found.empty()) {  // refused for a reason that `explain` does not know: valijson's words then
    for (const SchemaViolation& violation : violations) {
      found.emplace(dotted(violation.path), violation.description);
    }
  }
}

}  // namespace

const json& config_schema() {
  static const json schema = json::parse(kConfigSchemaText);
  return schema;
}

ConfigFaults find_schema_faults(const json& document) {
  Found found;
  find_unknown_keys(document, config_schema(), {}, found);
  validate(document, found);
  find_control_characters(document, {}, found);
  ConfigFaults faults;
  for (const auto& [key, problem] : found) {
    faults.push_back({key, problem});
  }
  return faults;
}

}  // namespace sorteo
