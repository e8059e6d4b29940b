#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/text.hpp"

/// The kinds of options that the commands of `sorteo` have. What is added writes to `to`, which
/// must outlive `app`, and says what is wrong with an argument in a sentence that quotes it.
namespace sorteo::cli {

/// The numbers that an option takes.
struct Numbers {
  std::uint64_t least;
  std::uint64_t most;
};

/// The number that a number or an optional one holds.
template <typename T>
struct NumberIn {
  using Type = T;
};
template <typename T>
struct NumberIn<std::optional<T>> {
  using Type = T;
};

/// A whole number in decimal. CLI11 would take "010" for eight, and say little about what it does
/// not take.
template <typename Number>
CLI::Option* add_number(CLI::App& app, const std::string& name, Number& to, Numbers range,
                        const std::string& description) {
  const auto parse = [name, &to, range](const std::string& text) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped_at, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stopped_at != end || value < range.least || value > range.most) {
      throw CLI::ValidationError(name, '"' + escaped(text) + "\" is not a number from " +
                                           std::to_string(range.least) + " to " +
                                           std::to_string(range.most));
    }
    to = static_cast<typename NumberIn<Number>::Type>(value);
  };
  return app.add_option_function<std::string>(name, parse, description)->type_name("N");
}

/// What `parse` turns from a text into a value or a ParseError.
template <typename Value, typename Parse>
CLI::Option* add_parsed(CLI::App& app, const std::string& name, Value& to, Parse parse,
                        const std::string& description) {
  const auto take = [name, &to, parse](const std::string& text) {
    auto parsed = parse(text);
    if (parsed.has_error()) {
      throw CLI::ValidationError(name, parsed.error().message);
    }
    to = *parsed;
  };
  return app.add_option_function<std::string>(name, take, description);
}

/// A path that is not empty.
CLI::Option* add_path(CLI::App& app, const std::string& name, std::string& to,
                      const std::string& type, const std::string& description);

/// A time, as parse_duration() reads it.
CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& to,
                          const std::string& description);

}  // namespace sorteo::cli
