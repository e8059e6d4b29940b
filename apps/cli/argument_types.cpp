#include "apps/cli/argument_types.hpp"

#include "apps/cli/duration.hpp"

namespace sorteo::cli {

CLI::Option* add_path(CLI::App& app, const std::string& name, std::string& to,
                      const std::string& type, const std::string& description) {
  const auto take = [name, &to](const std::string& text) {
    if (text.empty()) {
      throw CLI::ValidationError(name, "the path is empty");
    }
    to = text;
  };
  return app.add_option_function<std::string>(name, take, description)->type_name(type);
}

CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& to,
                          const std::string& description) {
  return add_parsed(app, name, to, &parse_duration, description)->type_name("TIME");
}

}  // namespace sorteo::cli
