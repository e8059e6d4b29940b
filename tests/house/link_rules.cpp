#include "tests/house/link_rules.hpp"

#include <map>
#include <set>
#include <sstream>
#include <string_view>

namespace sorteo::test {
namespace {

using Names = std::set<std::string>;

struct Rule {
  Names folders;    // whose targets may be linked, its own among them
  Names libraries;  // of others; empty means none
  bool any_library = false;
};

const std::map<std::string, Rule> kRules = {
    {"core", {{"core"}, {"Boost::headers", "Boost::system"}}},
    {"handlers", {{"core", "handlers"}, {}}},
    {"storage", {{"core", "storage"}, {"Threads::Threads", "xxhash", "xxHash::xxhash"}}},
    {"transport", {{"core", "transport"}, {"sorteo_asio", "Threads::Threads", "OpenSSL::SSL"}}},
    {"client_sdk", {{"core", "client_sdk"}, {"sorteo_asio", "Threads::Threads"}}},
    {"apps", {{"core", "handlers", "storage", "transport", "client_sdk", "apps"}, {}, true}},
};

struct Target {
  std::string folder;
  std::string name;
  std::vector<std::string> libraries;
};

// $<BUILD_INTERFACE:sorteo_options> is sorteo_options, and sorteo::core is sorteo_core.
std::string plain(std::string name) {
  while (name.starts_with("$<") && name.ends_with(">") && name.find(':') != std::string::npos) {
    name = name.substr(name.find(':') + 1);
    name.pop_back();
  }
  constexpr std::string_view kAlias = "sorteo::";
  return name.starts_with(kAlias) ? "sorteo_" + name.substr(kAlias.size()) : name;
}

std::vector<Target> parse(const std::vector<std::string>& lines) {
  std::vector<Target> targets;
  for (const std::string& line : lines) {
    std::istringstream words(line);
    Target target;
    words >> target.folder >> target.name;
    for (std::string library; words >> library;) {
      target.libraries.push_back(plain(library));
    }
    targets.push_back(target);
  }
  return targets;
}

}  // namespace

std::vector<std::string> check_links(const std::vector<std::string>& lines) {
  const std::vector<Target> targets = parse(lines);
  std::map<std::string, std::string> folder_of;
  for (const Target& target : targets) {
    folder_of[target.name] = target.folder;
  }
  std::vector<std::string> wrong;
  for (const Target& target : targets) {
    const Rule& rule = kRules.at(target.folder);
    for (const std::string& library : target.libraries) {
      const auto found = folder_of.find(library);
      const bool allowed =
          found != folder_of.end()
              ? rule.folders.contains(found->second)
              : library == "sorteo_options" || rule.any_library || rule.libraries.contains(library);
      if (!allowed) {
        wrong.push_back(target.folder + ": " + target.name + " may not link " + library);
      }
    }
  }
  return wrong;
}

}  // namespace sorteo::test
