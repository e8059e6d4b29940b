#pragma once

#include <nlohmann/json.hpp>

#include "apps/server/configuration.hpp"

namespace sorteo {

/// configs/server.schema.json, as it was when the program was built.
const nlohmann::json& config_schema();

/// Everything in `document` that the schema does not allow, in the order of the keys. The verdict
/// is valijson's; the sentences are made here, because valijson tells neither what was found nor
/// which key was meant.
ConfigFaults find_schema_faults(const nlohmann::json& document);

}  // namespace sorteo
