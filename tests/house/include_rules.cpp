#include "tests/house/include_rules.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "tests/house/source_tree.hpp"

namespace sorteo::test {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

enum class Outside {
  kAnything,      // any library
  kNoNetwork,     // no Asio, no socket
  kStandardOnly,  // the standard library without files and threads, Boost.System, and the
                  // processor's vectors
};

struct Rule {
  Names folders;    // whose headers it may include, its own among them
  Outside outside;  // which headers of others
  Names
      banned_headers;  // headers of the project that it may not know though their folder is allowed
};

const Names kMessages = {"core/handler.hpp", "core/handler_registry.hpp", "core/message.hpp",
                         "core/reply.hpp", "core/responder.hpp"};
const Names kBets = {"core/batch.hpp", "core/bet.hpp", "core/bet_store.hpp", "core/draw.hpp",
                     "core/winner_scan.hpp"};

// Ground floor, first floor, roof: no arrow runs sideways or up.
const std::map<std::string, Rule> kRules = {
    {"core", {{"core"}, Outside::kStandardOnly, {}}},
    {"handlers", {{"core", "handlers"}, Outside::kStandardOnly, {}}},
    {"storage", {{"core", "storage"}, Outside::kNoNetwork, kMessages}},
    {"transport", {{"core", "transport"}, Outside::kAnything, kBets}},
    {"client_sdk", {{"core", "client_sdk"}, Outside::kAnything, {}}},
    {"apps",
     {{"core", "handlers", "storage", "transport", "client_sdk", "apps"}, Outside::kAnything, {}}},
    {"examples", {{"core", "client_sdk", "examples", "tests"}, Outside::kAnything, {}}},
    {"benchmarks",
     {{"core", "handlers", "storage", "transport", "client_sdk", "apps", "tests", "benchmarks"},
      Outside::kAnything,
      {}}},
    {"tests",
     {{"core", "handlers", "storage", "transport", "client_sdk", "apps", "examples", "tests"},
      Outside::kAnything,
      {}}},
};

bool starts_with_any(const std::string& text, const Names& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return text.starts_with(prefix); });
}

bool is_network(const std::string& header) {
  static const Names kPrefixes = {"boost/asio", "boost/beast", "sys/socket.h", "netinet/",
                                  "arpa/",      "netdb.h",     "sys/epoll.h",  "sys/un.h"};
  return starts_with_any(header, kPrefixes);
}

bool is_plain_standard(const std::string& header) {
  static const Names kFilesAndThreads = {"cstdio", "filesystem", "fstream",
                                         "future", "iostream",   "thread"};
  const bool of_a_library = header.find_first_of("./") != std::string::npos;
  return !of_a_library && !kFilesAndThreads.contains(header);
}

bool is_allowed_outside(Outside outside, const std::string& header) {
  switch (outside) {
    case Outside::kAnything:
      return true;
    case Outside::kNoNetwork:
      return !is_network(header);
    case Outside::kStandardOnly:
      return is_plain_standard(header) || header.starts_with("boost/system/") ||
             header == "emmintrin.h";
  }
  return false;
}

// The path from the project's root, if the include is of the project; the installed headers stand
// below sorteo/. Empty otherwise.
std::string project_path(const Include& include) {
  std::string path = include.path;
  if (path.starts_with("sorteo/")) {
    path.erase(0, std::string("sorteo/").size());
  }
  return kRules.contains(first_folder(path)) ? path : std::string();
}

// Why `include` may not stand in `folder`; empty when it may.
std::string objection(const std::string& folder, const Include& include) {
  const Rule& rule = kRules.at(folder);
  const std::string path = project_path(include);
  if (path.empty()) {
    if (include.quoted) {
      return '"' + include.path + "\" is not a path from the project's root";
    }
    return is_allowed_outside(rule.outside, include.path)
               ? ""
               : folder + " may not include <" + include.path + ">";
  }
  if (!rule.folders.contains(first_folder(path))) {
    return folder + " may not include " + first_folder(path);
  }
  return rule.banned_headers.contains(path) ? folder + " may not know " + path : "";
}

std::string at(const fs::path& root, const fs::path& file, const Include& include) {
  return file.lexically_relative(root).generic_string() + ":" + std::to_string(include.line) + ": ";
}

}  // namespace

std::vector<std::string> check_includes(const fs::path& root) {
  std::vector<std::string> wrong;
  for (const auto& [folder, rule] : kRules) {
    for (const fs::path& file : source_files(root / folder)) {
      for (const Include& include : read_includes(file)) {
        if (const std::string why = objection(folder, include); !why.empty()) {
          wrong.push_back(at(root, file, include) + why);
        }
      }
    }
  }
  return wrong;
}

std::vector<std::string> check_public_headers(const fs::path& root) {
  static const Names kHidden = {"boost/asio", "nlohmann/", "spdlog/"};
  std::vector<std::string> wrong;
  std::deque<std::string> open = {"client_sdk/client.hpp"};
  Names seen(open.begin(), open.end());
  while (!open.empty()) {
    const fs::path file = root / open.front();
    open.pop_front();
    for (const Include& include : read_includes(file)) {
      if (starts_with_any(include.path, kHidden)) {
        wrong.push_back(at(root, file, include) + "a public header of client_sdk may not show <" +
                        include.path + ">");
      }
      if (const std::string path = project_path(include);
          !path.empty() && seen.insert(path).second) {
        open.push_back(path);
      }
    }
  }
  return wrong;
}

}  // namespace sorteo::test
