#!/usr/bin/env bash
# Builds the release and runs the main job on generated bets: a server on its file store, five agencies
# that submit at once, the draw, each agency's winners; then checks what was stored against what was
# sent. Installs what is missing first. Everything it writes is in build/demo.
#
# usage: scripts/demo.sh [--bets N] [--seed N]
#   --bets N   bets of each agency (100000)
#   --seed N   what the bets are generated from (2026)
set -euo pipefail
cd "$(dirname "$0")/.."

readonly agencies=5
readonly winning_number=7574
bets=100000
seed=2026
while [ $# -gt 0 ]; do
  case "$1" in
    --bets) bets=${2:?--bets wants a number} && shift ;;
    --seed) seed=${2:?--seed wants a number} && shift ;;
    -h | --help)
      sed -n '2,9s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    *)
      echo "demo.sh: unknown argument '$1'; see --help" >&2
      exit 2
      ;;
  esac
  shift
done

readonly demo=build/demo
readonly bin=build/release/bin
server=

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
fail() {
  echo "demo.sh: $*" >&2
  exit 1
}
stop_all() {
  # shellcheck disable=SC2046  # one word for each process id
  [ -z "$(jobs -p)" ] || kill $(jobs -p) 2>/dev/null || true
}
trap stop_all EXIT

say "Installing what is missing, and building the release"
scripts/install-deps.sh
cmake --preset release >/dev/null
cmake --build --preset release --parallel "$(nproc)"

rm -rf "$demo"
mkdir -p "$demo"
say "Generating the bets of $agencies agencies, $bets each"
"$bin/sorteo" generate --agencies "$agencies" --bets "$bets" --seed "$seed" --out "$demo/bets"

say "Starting the server on a port that the system picks"
cat >"$demo/server.json" <<JSON
{
  "listen": {"host": "127.0.0.1", "port": 0},
  "draw": {"agencies": $agencies, "winning_number": $winning_number},
  "storage": {"type": "file", "path": "$demo/store", "durability": "fsync"},
  "log": {"level": "info"}
}
JSON
"$bin/sorteo-server" --config "$demo/server.json" 2>"$demo/server.log" &
server=$!
port=
for _ in $(seq 1 100); do
  port=$(sed -n 's/.*action: listen | result: success.*| port: \([0-9]*\).*/\1/p' "$demo/server.log")
  [ -z "$port" ] || break
  kill -0 "$server" 2>/dev/null || break
  sleep 0.1
done
if [ -z "$port" ]; then
  cat "$demo/server.log" >&2
  fail "the server did not start"
fi
grep 'action: listen' "$demo/server.log"

say "Five agencies submit at once"
clients=()
started=$(date +%s%N)
for agency in $(seq 1 "$agencies"); do
  "$bin/sorteo" submit --server "127.0.0.1:$port" --agency "$agency" --progress-every 250ms \
    --csv "$demo/bets/agency-$agency.csv" >"$demo/winners-$agency.txt" \
    2> >(tee "$demo/submit-$agency.log" | sed -u "s/^/agency $agency: /" >&2) &
  clients+=("$!")
done
for client in "${clients[@]}"; do
  wait "$client" || fail "an agency failed; its words are above and in $demo/submit-*.log"
done
elapsed=$((($(date +%s%N) - started) / 1000000))
echo "$((agencies * bets)) bets acknowledged on disk, the draw held and answered, in $elapsed ms"

say "The winners (number $winning_number)"
for agency in $(seq 1 "$agencies"); do
  awk -F, -v n="$winning_number" '$5 + 0 == n {print $3 + 0}' "$demo/bets/agency-$agency.csv" \
    >"$demo/expected-$agency.txt"
  cmp "$demo/winners-$agency.txt" "$demo/expected-$agency.txt" ||
    fail "agency $agency was told other winners than its file has"
  echo "agency $agency: $(wc -l <"$demo/winners-$agency.txt") winners: $(paste -sd' ' "$demo/winners-$agency.txt")"
done

say "Stopping the server"
kill -TERM "$server"
wait "$server" || fail "the server did not stop cleanly; see $demo/server.log"
sed -n '/action: stop/,$p' "$demo/server.log"

say "Checking what was stored against what was sent"
"$bin/sorteo" verify --storage "$demo/store"
"$bin/sorteo" export --storage "$demo/store" --out "$demo/export.csv"
for agency in $(seq 1 "$agencies"); do
  sed -n "s/^$agency,//p" "$demo/export.csv" | cmp - "$demo/bets/agency-$agency.csv" ||
    fail "what is stored of agency $agency is not what it sent"
done
stored=$(wc -l <"$demo/export.csv")
[ "$stored" -eq $((agencies * bets)) ] || fail "stored $stored bets, sent $((agencies * bets))"
echo "stored: $stored bets, each as it was sent, in the order of its agency, none lost, none doubled"
