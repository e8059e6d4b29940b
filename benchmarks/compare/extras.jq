# The further ratios, and those between rows, with their spread over the rounds.
def median: sort | if length % 2 == 1 then .[(length - 1) / 2]
  else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def cut: . * 1000 | round / 1000;
def line($what): select(length > 0)
  | "\($what): \(median | cut) (\(min | cut)-\(max | cut))";
def value_of($row; field): map(select(.row == $row and .place == "own"))
  | map({key: (.round | tostring), value: field}) | from_entries;
def ratios($a; $b; field): value_of($a; field) as $x | value_of($b; field) as $y
  | [$x | to_entries[] | select($y[.key]) | .value / $y[.key]];

. as $all
| (map(select(.extra == "one-in-flight").value) | line("one batch in flight, p50 against a bare write and fdatasync")),
  (map(select(.extra == "half-rate").value) | line("half of the top rate, p99 against that of a bare write")),
  (map(select(.extra == "many-connections").value) | line("1,000 busy connections, against 5")),
  (map(select(.extra == "idle-connections").value) | line("busy connections beside 10,000 idle ones, against alone")),
  (map(select(.extra == "idle-connections").bytes_each | select(. != null)) | line("memory of an idle connection, in bytes")),
  (["grpc-16", "grpc-256", "grpc-16-callback", "grpc-256-callback"][] as $peer
   | $all | ratios("sorteo"; $peer; .server_cpu) | line("server CPU of a bet, against \($peer)")),
  (["grpc-16-memory", "grpc-256-memory"][] as $peer
   | $all | ratios("sorteo-sdk"; $peer; .bets_per_second) | line("through the SDK, against \($peer)"))
