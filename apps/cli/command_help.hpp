#pragma once

/// What `--help` says behind the options of each command.
namespace sorteo::cli {

inline constexpr const char* kSubmitExamples = R"(Examples:
  sorteo submit --server 127.0.0.1:12345 --agency 1 --csv agency-1.csv > winners.txt
  sorteo submit --server [::1]:12345 --agency 2 --csv agency-2.csv --no-wait
  sorteo submit --server lottery.example:12345 --agency 3 --csv agency-3.csv --wait 8h
  sorteo submit --server a.example:12345 --server b.example:12345 --agency 4 \
    --csv agency-4.csv --outbox agency-4.outbox

Nothing is sent of a file with a bad line. With --outbox, whatever happens, run the same command
again: it goes on where it was, and each bet is stored once. Without it, sending the same file again
stores its bets again: after exit code 5, read docs/command-line.md, "When bets are not stored",
first.)";

inline constexpr const char* kWinnersExamples = R"(Examples:
  sorteo winners --server 127.0.0.1:12345 --agency 1
  sorteo winners --server 127.0.0.1:12345 --agency 1 --wait 10m

WARNING: in version 1 of the protocol, asking for the winners tells the server that the agency has
finished. It takes no more bets of that agency afterwards. Ask only when everything has been
submitted. In version 2 it only asks.)";

inline constexpr const char* kExportExamples = R"(Examples:
  sorteo export --storage var/bets --out bets.csv
  sorteo export --storage var/bets | wc -l

Each line is agency,first_name,last_name,document,birthdate,number. With --out the file appears
whole or not at all, and replaces one that is there. The server may be running.)";

inline constexpr const char* kVerifyExamples = R"(Examples:
  sorteo verify --storage var/bets

Changes nothing; the server may be running. Exit code 7 when the store is damaged.)";

inline constexpr const char* kRepairExamples = R"(Examples:
  sorteo repair --storage var/bets
  sorteo repair --storage var/bets --cut

Without an action it only says what is wrong, and what each action would keep and lose: exit code 7
when the store is damaged. The server must not be running. A good copy is better than any repair.
Nothing is deleted: what is taken away stays in a new folder within the store's.)";

inline constexpr const char* kGenerateExamples = R"(Examples:
  sorteo generate --agencies 5 --bets 20000 --seed 1 --out demo-out
  sorteo generate --agencies 1 --bets 1000000 --seed 7 --out /tmp/big --force

The same seed gives the same files on every machine. One bet in about 10,000 has number 7574.)";

inline constexpr const char* kBenchExamples = R"(Examples:
  sorteo bench --server 127.0.0.1:12345
  sorteo bench --server 127.0.0.1:12345 --csv agency-1.csv agency-2.csv --agencies 2 --winners
  sorteo bench --server 127.0.0.1:12345 --connections 1 --window 1 --yes
  sorteo bench --server 127.0.0.1:12345 --rate 1000000 --duration 1m --json report.json --yes

WARNING: it stores bets that nobody has made. Never point it at a server with a real draw. It does
not add to bets that are stored of these agencies, unless --yes says so.)";

inline constexpr const char* kExitCodes =
    R"(Exit codes: 0 ok, 1 failure, 2 wrong arguments, 3 bad input file or outbox,
4 no connection, 5 outcome of some bets unknown, 6 refused by the server, 7 store damaged,
8 draw not held.
`sorteo COMMAND --help` shows the options of a command, and examples.)";

}  // namespace sorteo::cli
