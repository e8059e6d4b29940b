#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sorteo {

/// Something that a JSON Schema does not allow, as valijson says it.
struct SchemaViolation {
  std::vector<std::string> path;  ///< the keys that lead to it; none is the document itself
  std::string description;  ///< in general terms: neither what was found nor what was expected
};

/// Checks `document` against `schema`, of JSON Schema's draft 7. Nothing is returned when it is
/// right. A violation far inside is followed by one for each object around it.
std::vector<SchemaViolation> check_schema(const nlohmann::json& document,
                                          const nlohmann::json& schema);

}  // namespace sorteo
