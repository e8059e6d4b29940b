// An agency's program: submits bets, says finish, and waits for the winners. docs/client-sdk.md
// goes through it.
#include <charconv>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <sorteo/client_sdk/client.hpp>

namespace {

namespace sdk = sorteo::client;

constexpr int kOk = 0;
constexpr int kUsage = 2;
constexpr int kFailed = 3;   // something was not stored, and nothing is unknown
constexpr int kUnknown = 4;  // whether some bets are stored is unknown: run it again with the same
                             // outbox, or, without one, somebody must look

constexpr std::string_view kHelp =
    "usage: agency HOST PORT AGENCY [OUTBOX]\n"
    "\n"
    "Reads bets from standard input, one a line, as "
    "first_name,last_name,document,birthdate,number\n"
    "(without quotes), submits them for the agency, and prints the documents of its winners.\n"
    "With OUTBOX, a file that it makes, it can be run again with the same input after any end: it "
    "goes\n"
    "on where it was, and each bet is stored once.\n"
    "\n"
    "exit codes: 0 all went well, 2 wrong usage, 3 a failure, 4 bets whose outcome is unknown\n"
    "\n"
    "example: echo 'Ana,Paz,30904465,1999-03-17,7574' | agency 127.0.0.1 12345 1\n";

template <typename Number>
bool parse(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// Cuts `line` at its commas; nothing unless there are five parts. The views look into `line`.
std::optional<sorteo::BetView> parse_bet(std::string_view line) {
  std::vector<std::string_view> parts;
  for (std::size_t comma; (comma = line.find(',')) != line.npos; line.remove_prefix(comma + 1)) {
    parts.push_back(line.substr(0, comma));
  }
  parts.push_back(line);
  if (parts.size() != 5) {
    return std::nullopt;
  }
  return sorteo::BetView{parts[0], parts[1], parts[2], parts[3], parts[4]};
}

int report(const sdk::Client& client, const sdk::Failure& failure) {
  std::cerr << "agency: " << failure.message << '\n';
  return client.progress().bets_unknown != 0 ? kUnknown : kFailed;
}

int run(sdk::Options options) {
  options.on_progress = [](const sdk::Progress& progress) {
    const auto stored = progress.bets_recovered + progress.bets_stored + progress.bets_duplicate;
    std::cerr << "stored " << stored << " of " << progress.bets_submitted << '\n';
  };
  sdk::Client client(std::move(options));

  // Bets that an earlier run had put into the outbox are not read again.
  const sdk::Recovered before = client.recovered();
  std::uint64_t number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    if (++number <= before.bets_taken) {
      continue;
    }
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    const auto bet = parse_bet(line);
    if (!bet) {
      std::cerr << "agency: line " << number << " has not five fields\n";
      return kFailed;
    }
    if (const auto failure = client.submit(*bet)) {
      return report(client, *failure);
    }
  }
  if (const auto failure = client.finish()) {
    return report(client, *failure);
  }
  const auto winners = client.wait_for_winners(std::chrono::minutes(10));
  if (const auto* const failure = std::get_if<sdk::Failure>(&winners)) {
    return report(client, *failure);
  }
  for (const std::uint32_t document : std::get<sdk::Winners>(winners)) {
    std::cout << document << '\n';
  }
  return kOk;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  if (arguments.size() == 1 && arguments[0] == "--help") {
    std::cout << kHelp;
    return kOk;
  }
  sdk::Options options;
  if (arguments.size() < 3 || arguments.size() > 4 || !parse(arguments[1], options.port) ||
      !parse(arguments[2], options.agency)) {
    std::cerr << kHelp;
    return kUsage;
  }
  options.host = arguments[0];
  if (arguments.size() == 4) {
    options.outbox.emplace();
    options.outbox->path = arguments[3];
  }
  return run(std::move(options));
}
