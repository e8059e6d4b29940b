#include "apps/server/config_document.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/text.hpp"

namespace sorteo {
namespace {

using nlohmann::json;

// Notes, while the parser goes on, which keys each open object has had.
class DuplicateFinder final {
 public:
  void see(json::parse_event_t event, const json& parsed) {
    switch (event) {
      case json::parse_event_t::object_start:
      case json::parse_event_t::array_start:
        open_.emplace_back();
        break;
      case json::parse_event_t::object_end:
      case json::parse_event_t::array_end:
        open_.pop_back();
        break;
      case json::parse_event_t::key:
        see_key(parsed.get_ref<const std::string&>());
        break;
      case json::parse_event_t::value:
        break;
    }
  }

  ConfigFaults take() { return std::move(faults_); }

 private:
  struct Level {
    std::set<std::string> seen;
    std::string current;
  };

  void see_key(const std::string& key) {
    open_.back().current = escaped(key);
    if (!open_.back().seen.insert(key).second) {
      faults_.push_back({path(), "is given twice"});
    }
  }

  std::string path() const {
    std::string result;
    for (const Level& level : open_) {
      result += (result.empty() ? "" : ".") + level.current;
    }
    return result;
  }

  std::vector<Level> open_;
  ConfigFaults faults_;
};

struct Position {
  std::size_t line;
  std::size_t column;
};

// Of the byte before which the first `bytes` bytes of `text` stand; both count from 1.
Position position_after(std::string_view text, std::size_t bytes) {
  const std::string_view before = text.substr(0, bytes);
  const auto line = std::count(before.begin(), before.end(), '\n');
  const auto last_break = before.rfind('\n');
  const auto start = last_break == std::string_view::npos ? 0 : last_break + 1;
  return {static_cast<std::size_t>(line) + 1, before.size() - start + 1};
}

// The parser's sentence without its prefix of identifiers and positions.
std::string cause_of(const json::parse_error& error) {
  const std::string_view what = error.what();
  const auto column = what.find(", column ");
  const auto colon = what.find(": ", column == std::string_view::npos ? 0 : column);
  return escaped(colon == std::string_view::npos ? what : what.substr(colon + 2), 512);
}

}  // namespace

ConfigDocument parse_document(std::string_view text) {
  DuplicateFinder duplicates;
  const json::parser_callback_t callback = [&duplicates](int, json::parse_event_t event,
                                                         json& parsed) {
    duplicates.see(event, parsed);
    return true;
  };
  try {
    json root = json::parse(text, callback);
    return {std::move(root), duplicates.take()};
  } catch (const json::parse_error& error) {
    const auto [line, column] = position_after(text, error.byte == 0 ? 0 : error.byte - 1);
    return {json(json::value_t::discarded),
            {{"", "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " +
                      cause_of(error)}}};
  } catch (const json::exception& error) {
    return {json(json::value_t::discarded), {{"", escaped(error.what(), 512)}}};
  }
}

}  // namespace sorteo
