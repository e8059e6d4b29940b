// docs/operations.md says of each key what the schema says.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/server/config_schema.hpp"

namespace sorteo {
namespace {

using nlohmann::json;

// The rows of the page's tables, by their first cell.
std::map<std::string, std::string> rows_of_the_page() {
  std::map<std::string, std::string> rows;
  std::ifstream page(SORTEO_SOURCE_DIR "/docs/operations.md");
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| `")) {
      rows.emplace(line.substr(3, line.find('`', 3) - 3), line);
    }
  }
  return rows;
}

void expect_row(const std::map<std::string, std::string>& rows, const std::string& key,
                const json& node) {
  const auto row = rows.find(key);
  ASSERT_NE(row, rows.end()) << key << " is not on the page";
  for (const char* said : {"default", "minimum", "maximum", "maxLength"}) {
    if (node.contains(said) && !(key == "listen.host" && said == std::string("maxLength"))) {
      EXPECT_NE(row->second.find(node[said].dump()), std::string::npos) << key << ": " << said;
    }
  }
}

TEST(OperationsPageTest, HasEveryKeyWithItsDefaultAndBounds) {
  const auto rows = rows_of_the_page();
  for (const auto& [section, node] : config_schema()["properties"].items()) {
    if (node["type"] != "object") {
      expect_row(rows, section, node);
      continue;
    }
    for (const auto& [key, leaf] : node["properties"].items()) {
      expect_row(rows, section + "." + key, leaf);
    }
  }
}

}  // namespace
}  // namespace sorteo
