#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "apps/cli/console.hpp"
#include "tests/apps/cli/text_sink.hpp"

namespace sorteo::test {

/// Keeps everything that a command says.
class FakeConsole final : public cli::Console {
 public:
  cli::ByteSink& data() override { return out; }
  void say(std::string_view line) override { said.emplace_back(line); }
  unsigned columns() const override { return width; }
  void show_progress(std::string_view line) override { bars.emplace_back(line); }

  bool has_said(std::string_view part) const {
    return std::any_of(said.begin(), said.end(), [part](const std::string& line) {
      return line.find(part) != std::string::npos;
    });
  }

  TextSink out;
  std::vector<std::string> said;
  std::vector<std::string> bars;
  unsigned width = 0;  // no terminal
};

}  // namespace sorteo::test
