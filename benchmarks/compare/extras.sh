# The further ratios of compare.sh, which sources this. Each adds a line of JSON with "extra", what was
# measured, and "value", the ratio or the number that matters.

all_extras=(one-in-flight half-rate many-connections idle-connections)

# keep_extra NAME ROUND VALUE DETAILS: DETAILS is a JSON object.
keep_extra() {
  jq -nc --arg extra "$1" --argjson round "$2" --argjson value "$3" --argjson details "$4" \
    '{extra: $extra, round: $round, value: $value} + $details' >>"$json"
  say "round $2: $1: $3 $4"
}

from_result() { jq -r "$1" "$run/result.json"; }

# Times bare writes before and after what is compared with them: a disk's mood changes.
# time_bare_writes BYTES: adds a line to $run/bare.json.
time_bare_writes() {
  "$sorteo_bin/limit_server" --latency "$1" 5000 "$run/bare" >>"$run/bare.json"
}

# The mean of what time_bare_writes has found, in microseconds.
bare() { jq -s "map(.latency_us.$1) | add / length" "$run/bare.json"; }

# About what a record of 100 bets has; the exact number is known once some were sent.
readonly usual_record_bytes=6000

# The bytes of the record of a batch: those of its message, less the message's head, and with the
# record's (docs/protocol.md, docs/storage.md).
record_bytes() {
  from_result '(.bytes_per_second * .seconds / .batches | round) - (5 + 28) + (44 + 40)'
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }

# One batch in flight, against a bare write and fdatasync of the same bytes.
extra_one_in_flight() {
  begin_run one-in-flight
  time_bare_writes "$usual_record_bytes"
  start_sorteo info
  bench_sorteo --agencies 1 --connections 1 --window 1 || fail "one-in-flight did not finish"
  stop_server
  local p50
  p50=$(from_result .latency_us.p50)
  time_bare_writes "$(record_bytes)"
  keep_extra one-in-flight "$1" "$(ratio "$p50" "$(bare p50)")" \
    "{\"p50_us\": $p50, \"bare_p50_us\": $(bare p50)}"
  end_run
}

# The p99 of an open loop at half of the top rate, against the bare write's p99.
extra_half_rate() {
  begin_run half-rate
  start_sorteo info
  load_sorteo --window 256 || fail "half-rate did not finish"
  local rate p99
  rate=$(from_result '.bets_per_second / 2 | floor')
  time_bare_writes "$(record_bytes)"
  load_sorteo --window 256 --rate "$rate" || fail "half-rate did not finish"
  stop_server
  p99=$(from_result .latency_us.p99)
  time_bare_writes "$(record_bytes)"
  keep_extra half-rate "$1" "$(ratio "$p99" "$(bare p99)")" \
    "{\"rate\": $rate, \"p99_us\": $p99, \"bare_p99_us\": $(bare p99)}"
  end_run
}

# 1,000 busy connections, against 5.
extra_many_connections() {
  begin_run many-connections
  start_sorteo info
  load_sorteo --window 256 || fail "many-connections did not finish"
  local few many
  few=$(from_result .bets_per_second)
  bench_sorteo --agencies 5 --connections 1000 --window 8 || fail "many-connections did not finish"
  stop_server
  many=$(from_result .bets_per_second)
  keep_extra many-connections "$1" "$(ratio "$many" "$few")" \
    "{\"bets_per_second_of_1000\": $many, \"bets_per_second_of_5\": $few}"
  end_run
}

# What 10,000 idle connections cost in memory, and the busy ones beside them.
extra_idle_connections() {
  begin_run idle-connections
  start_sorteo info
  load_sorteo --window 256 || fail "idle-connections did not finish"
  local without with bytes
  without=$(from_result .bets_per_second)
  load_sorteo --window 256 --idle-connections 10000 || fail "idle-connections did not finish"
  stop_server
  with=$(from_result .bets_per_second)
  bytes=$(from_result .server_bytes_per_idle_connection)
  keep_extra idle-connections "$1" "$(ratio "$with" "$without")" \
    "{\"bytes_each\": $bytes, \"bets_per_second_beside_idle\": $with, \"bets_per_second\": $without}"
  end_run
}
