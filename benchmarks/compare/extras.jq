# The further ratios, and those between rows, with their spread over the rounds, and what is aimed at.
def median: sort | if length % 2 == 1 then .[(length - 1) / 2]
  else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def cut: . * 1000 | round / 1000;
def line($what; $target): select(length > 0)
  | "\($what): \(median | cut) (\(min | cut)-\(max | cut)), target \($target)";
def extra($name; field): map(select(.extra == $name) | field | select(. != null));
def value_of($row; $place; field): map(select(.row == $row and .place == $place))
  | map({key: (.round | tostring), value: field}) | from_entries;
# Of each round; Sorteo's own rows are compared as they ran just before the other one.
def ratios($a; $place; $b; field): value_of($a; $place; field) as $x | value_of($b; "own"; field) as $y
  | [$x | to_entries[] | select($y[.key]) | .value / $y[.key]];
def against($peer; field): ratios("sorteo"; "before \($peer)"; $peer; field);
# Of the peers that check each bet and are durable, the one with the highest median.
def fastest: map(select(.place == "own" and (.row | tostring | test("^(grpc|postgres|sqlite)-"))
                        and (.row | endswith("-memory") | not)))
  | group_by(.row) | max_by(map(.bets_per_second) | median) | if . then .[0].row else null end;

. as $all
| ($all | against("limit"; .bets_per_second) | line("durable throughput, against the limit"; "0.6 or more")),
  ($all | fastest | values as $peer | $all | against($peer; .bets_per_second)
   | line("durable throughput, against \($peer), the fastest that checks and is durable"; "5 or more")),
  (["grpc-16-memory", "grpc-256-memory"][] as $peer
   | $all | ratios("sorteo-sdk"; "own"; $peer; .bets_per_second)
   | line("through the SDK, against \($peer)"; "3 or more")),
  (["grpc-16", "grpc-256", "grpc-16-callback", "grpc-256-callback"][] as $peer
   | $all | against($peer; .server_cpu) | line("server CPU of a bet, against \($peer)"; "0.25 or less")),
  (extra("one-in-flight"; .value)
   | line("one batch in flight, p50 against a bare write and fdatasync"; "1.3 or less")),
  (extra("half-rate"; .value) | line("half of the top rate, p99 against that of a bare write"; "5 or less")),
  (extra("many-connections"; .value) | line("1,000 busy connections, against 5"; "0.8 or more")),
  (extra("idle-connections"; .value)
   | line("busy connections beside 10,000 idle ones, against alone"; "1")),
  (extra("idle-connections"; .bytes_each) | line("memory of an idle connection, in bytes"; "8192 or less"))
