#include "apps/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include "apps/cli/argument_types.hpp"
#include "apps/cli/bench/bench_arguments.hpp"
#include "apps/cli/command_help.hpp"
#include "core/text.hpp"

namespace sorteo::cli {
namespace {

constexpr Numbers kAgencyNumbers{1, std::numeric_limits<std::uint32_t>::max()};
constexpr Numbers kAnyNumber{0, std::numeric_limits<std::uint64_t>::max()};
constexpr Numbers kCounts{1, 1'000'000'000'000};
constexpr Numbers kBatchBets{1, 100'000};
constexpr Numbers kBatchBytes{256, 16 * 1024 * 1024};
constexpr Numbers kWindows{1, 10'000};

void add_servers(CLI::App& app, std::vector<Endpoint>& servers) {
  const auto take = [&servers](const std::vector<std::string>& texts) {
    servers.clear();
    for (const std::string& text : texts) {
      auto server = parse_endpoint(text);
      if (server.has_error()) {
        throw CLI::ValidationError("--server", server.error().message);
      }
      servers.push_back(std::move(*server));
    }
  };
  app.add_option_function<std::vector<std::string>>(
         "--server", take, "the server's address; several are tried in turn")
      ->type_name("HOST:PORT")
      ->allow_extra_args(false)
      ->required();
}

void add_protocol(CLI::App& app, client::Protocol& protocol) {
  const auto take = [&protocol](const std::string& text) {
    if (text != "auto" && text != "1" && text != "2") {
      throw CLI::ValidationError("--protocol", '"' + escaped(text) + "\" is not auto, 1 or 2");
    }
    protocol = text == "1"   ? client::Protocol::kVersion1
               : text == "2" ? client::Protocol::kVersion2
                             : client::Protocol::kAuto;
  };
  app.add_option_function<std::string>("--protocol", take,
                                       "version: auto, 1 or 2 [auto: 2 where the server has it]")
      ->type_name("VERSION");
}

void add_service(CLI::App& app, ServerOptions& to) {
  add_servers(app, to.servers);
  add_number(app, "--agency", to.agency, kAgencyNumbers, "the agency's number")->required();
  add_protocol(app, to.protocol);
  add_duration(app, "--timeout", to.answer_timeout,
               "give up after so long without an answer [30s]");
}

CLI::App* add_submit(CLI::App& app, SubmitOptions& to) {
  auto* const submit = app.add_subcommand("submit", "Send a file of bets and wait for the winners");
  add_service(*submit, to.service);
  add_path(*submit, "--csv", to.csv, "FILE",
           "the bets: first_name,last_name,document,birthdate,number, no header")
      ->required();
  add_path(*submit, "--outbox", to.outbox, "FILE",
           "keep the bets here until they are stored; run again, it goes on where it was");
  add_number(*submit, "--agency-total", to.agency_total, kAnyNumber,
             "bets of the agency in all, when it has submitted others too [those of this file]");
  auto* const no_wait = submit->add_flag_callback(
      "--no-wait", [&to] { to.wait = false; }, "do not wait for the draw; finish all the same");
  add_duration(*submit, "--wait", to.patience, "wait so long for the draw [1h]")->excludes(no_wait);
  add_number(*submit, "--batch-bets", to.batch_bets, kBatchBets, "bets in a batch at most [100]");
  add_number(*submit, "--batch-bytes", to.batch_bytes, kBatchBytes,
             "bytes of a batch at most [8192]");
  add_number(*submit, "--window", to.window, kWindows, "batches without an answer at most [16]");
  auto* const quiet = submit->add_flag("--quiet", to.quiet, "show no progress");
  add_duration(*submit, "--progress-every", to.progress_every,
               "a line of progress so often, where there is no terminal [5s]")
      ->excludes(quiet);
  submit->footer(kSubmitExamples);
  submit->final_callback([&to] {
    if (!to.outbox.empty() && to.service.protocol == client::Protocol::kVersion1) {
      throw CLI::ValidationError("--outbox", "needs version 2 of the protocol");
    }
  });
  return submit;
}

CLI::App* add_winners(CLI::App& app, WinnersOptions& to) {
  auto* const winners = app.add_subcommand("winners", "Ask for an agency's winners");
  add_service(*winners, to.service);
  add_duration(*winners, "--wait", to.patience, "wait so long for the draw [ask once]");
  winners->footer(kWinnersExamples);
  return winners;
}

CLI::App* add_export(CLI::App& app, ExportOptions& to) {
  auto* const command = app.add_subcommand("export", "Write the stored bets as CSV");
  add_path(*command, "--storage", to.storage, "PATH", "the store's folder")->required();
  add_path(*command, "--out", to.out, "FILE", "the file to write [standard output]");
  command->add_flag("--quiet", to.quiet, "show no progress");
  command->footer(kExportExamples);
  return command;
}

CLI::App* add_verify(CLI::App& app, VerifyOptions& to) {
  auto* const verify = app.add_subcommand("verify", "Check a store and print a summary of it");
  add_path(*verify, "--storage", to.storage, "PATH", "the store's folder")->required();
  verify->add_flag("--quiet", to.quiet, "show no progress");
  verify->footer(kVerifyExamples);
  return verify;
}

CLI::App* add_repair(CLI::App& app, RepairCommandOptions& to) {
  auto* const repair = app.add_subcommand("repair", "Say what is wrong with a store, or repair it");
  add_path(*repair, "--storage", to.storage, "PATH", "the store's folder")->required();
  auto* const cut = repair->add_flag_callback(
      "--cut", [&to] { to.action = RepairAction::kCut; },
      "keep what stands before the first damage, and move the rest away");
  repair
      ->add_flag_callback(
          "--drop-checkpoint", [&to] { to.action = RepairAction::kDropCheckpoint; },
          "keep the log, and move the files away that contradict it")
      ->excludes(cut);
  repair->add_flag("--quiet", to.quiet, "show no progress");
  repair->footer(kRepairExamples);
  return repair;
}

CLI::App* add_generate(CLI::App& app, GenerateOptions& to) {
  auto* const generate = app.add_subcommand("generate", "Make up bets to try things out with");
  add_number(*generate, "--agencies", to.agencies, Numbers{1, 1'000'000}, "how many files")
      ->required();
  add_number(*generate, "--bets", to.bets, kCounts, "how many bets in each file")->required();
  add_number(*generate, "--seed", to.seed, kAnyNumber, "the same seed gives the same bets [1]");
  add_path(*generate, "--out", to.out, "DIR", "the folder for agency-1.csv, agency-2.csv, ...")
      ->required();
  generate->add_flag("--force", to.force, "replace files that are there");
  generate->add_flag("--quiet", to.quiet, "show no progress");
  generate->footer(kGenerateExamples);
  return generate;
}

// CLI11 itself would say only that a command is required.
std::optional<Words> unknown_command(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2 || argv[1][0] == '-') {
    return std::nullopt;
  }
  std::string known;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == argv[1]) {
      return std::nullopt;
    }
    known += (known.empty() ? "" : ", ") + command->get_name();
  }
  return Words{ExitCode::kUsage,
               "sorteo: \"" + escaped(argv[1]) + "\" is no command; the commands are " + known};
}

// CLI11's exit() prints where it is told to.
Words words_of(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream out;
  std::ostringstream err;
  const bool wanted = app.exit(error, out, err) == 0;
  std::string text = wanted ? out.str() : "sorteo: " + err.str();
  text.erase(text.find_last_not_of('\n') + 1);
  return wanted ? Words{ExitCode::kOk, text + '\n'} : Words{ExitCode::kUsage, text};
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  CLI::App app("Submits bets to the lottery's server, and works with what the server has stored.",
               "sorteo");
  app.set_version_flag("--version", "sorteo " SORTEO_VERSION);
  app.footer(kExitCodes);
  app.require_subcommand(1);
  SubmitOptions submit;
  WinnersOptions winners;
  ExportOptions export_options;
  VerifyOptions verify;
  RepairCommandOptions repair;
  GenerateOptions generate;
  BenchOptions bench;
  const auto* const submit_app = add_submit(app, submit);
  const auto* const winners_app = add_winners(app, winners);
  const auto* const export_app = add_export(app, export_options);
  const auto* const verify_app = add_verify(app, verify);
  const auto* const repair_app = add_repair(app, repair);
  const auto* const generate_app = add_generate(app, generate);
  add_bench(app, bench);
  if (auto words = unknown_command(app, argc, argv)) {
    return std::move(*words);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return words_of(app, error);
  }
  if (app.got_subcommand(submit_app)) {
    return submit;
  }
  if (app.got_subcommand(winners_app)) {
    return winners;
  }
  if (app.got_subcommand(export_app)) {
    return export_options;
  }
  if (app.got_subcommand(verify_app)) {
    return verify;
  }
  if (app.got_subcommand(repair_app)) {
    return repair;
  }
  return app.got_subcommand(generate_app) ? Command(generate) : Command(bench);
}

}  // namespace sorteo::cli
