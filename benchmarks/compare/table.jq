# The table: a line for each row, medians over the rounds.
def median: map(select(. != null)) | sort
  | if length == 0 then null
    elif length % 2 == 1 then .[(length - 1) / 2]
    else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def cut($digits): if . == null then "-" else
  pow(10; $digits) as $scale | . * $scale | round / $scale | tostring end;
def spread: map(select(. != null)) | if length == 0 then "-"
  else "\(median | cut(2)) (\(min | cut(2))-\(max | cut(2)))" end;

map(select(.extra == null)) as $runs
| ($runs | map(select(.row == "limit" and .place == "own"))
   | map({key: (.round | tostring), value: .bets_per_second}) | from_entries) as $limit
| ($runs | map(select(.row == "sorteo"))
   | map({key: "\(.round) \(.place)", value: .bets_per_second}) | from_entries) as $sorteo
| [["row", "bets/s", "of the limit", "sorteo is times (min-max)", "server CPU s/M",
    "client CPU s/M", "peak MiB", "disk B/bet", "p50 us", "p99 us"]]
  + [$runs | map(.row) | reduce .[] as $row ([]; if index($row) then . else . + [$row] end) | .[]
     | . as $row
     | ($runs | map(select(.row == $row))) as $all
     | ($all | map(select(.place == "own")) | if length > 0 then . else $all end) as $own
     | [$row,
        ($own | map(.bets_per_second) | median | round | tostring),
        ($own | map($limit[.round | tostring] as $of | if $of then .bets_per_second / $of else null end)
         | median | cut(2)),
        ($own | map($sorteo["\(.round) before \($row)"] as $s
                    | if $s then $s / .bets_per_second else null end) | spread),
        ($own | map(.server_cpu) | median | cut(4)),
        ($own | map(.client_cpu) | median | cut(4)),
        ($own | map(.peak_bytes) | median | if . then . / 1048576 else . end | cut(1)),
        ($own | map(.disk_bytes_per_bet) | median | cut(1)),
        ($own | map(.p50) | median | cut(0)),
        ($own | map(.p99) | median | cut(0))]]
| .[] | @tsv
