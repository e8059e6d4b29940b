#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "apps/server/configuration.hpp"

namespace sorteo {

/// A configuration's text as a JSON document.
struct ConfigDocument {
  nlohmann::json root;  ///< discarded when the text is no JSON
  ConfigFaults faults;  ///< why it is no JSON, or each key that is given twice
};

/// Reads `text` as JSON. A key that stands twice in an object is a fault, because one of its two
/// values would be ignored.
ConfigDocument parse_document(std::string_view text);

}  // namespace sorteo
