#pragma once

#include "apps/cli/console.hpp"

namespace sorteo::cli {

/// The console of a process: its standard output and standard error. Not thread-safe.
class TerminalConsole final : public Console {
 public:
  TerminalConsole() = default;
  TerminalConsole(const TerminalConsole&) = delete;
  TerminalConsole& operator=(const TerminalConsole&) = delete;
  /// Takes the progress line away.
  ~TerminalConsole() override;

  ByteSink& data() override { return data_; }
  void say(std::string_view line) override;
  unsigned columns() const override;
  void show_progress(std::string_view line) override;

 private:
  class StandardOutput final : public ByteSink {
   public:
    boost::system::error_code write(std::string_view bytes) override;
  };

  StandardOutput data_;
  bool shows_progress_ = false;
};

}  // namespace sorteo::cli
