// In a file of its own, because valijson includes much and is compiled with one warning less.
#include "apps/server/schema_check.hpp"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace sorteo {
namespace {

using valijson::adapters::NlohmannJsonAdapter;

// From `<root>`, `[draw]`, `[agencies]`.
std::vector<std::string> path_of(const valijson::ValidationResults::Error& error) {
  std::vector<std::string> path;
  for (const std::string& part : error.context) {
    if (part.size() >= 2 && part.front() == '[') {
      path.push_back(part.substr(1, part.size() - 2));
    }
  }
  return path;
}

}  // namespace

std::vector<SchemaViolation> check_schema(const nlohmann::json& document,
                                          const nlohmann::json& schema) {
  valijson::Schema compiled;
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.populateSchema(NlohmannJsonAdapter(schema), compiled);
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  std::vector<SchemaViolation> violations;
  if (!validator.validate(compiled, NlohmannJsonAdapter(document), &results)) {
    for (const auto& error : results) {
      violations.push_back({path_of(error), error.description});
    }
    if (violations.empty()) {
      violations.push_back({{}, "the schema does not allow this"});
    }
  }
  return violations;
}

}  // namespace sorteo
