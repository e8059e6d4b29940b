#!/usr/bin/env bash
# Runs Sorteo, the bare limit and the peers in turn on this machine, with Sorteo before each of them,
# in several rounds, and prints what each acknowledged as durable, as ratios with their spread.
# Installs and builds what is missing first. benchmarks/README.md says what each row is.
#
# usage: benchmarks/compare.sh [options]
#   --rounds N       rounds (5)
#   --seconds N      that each run is measured, behind a warm-up of 1 s (8)
#   --only NAMES     rows and extras, by commas (all; --list shows them)
#   --csv DIR        agency-1.csv to agency-5.csv are sent, again and again (bets are made up)
#   --dir DIR        where servers keep their files, on the disk that is measured (build/compare)
#   --json FILE      every run as a line of JSON (DIR/runs.json)
#   --no-build       take the programs as they are
#   --list           the names for --only
set -euo pipefail
cd "$(dirname "$0")/.."

readonly here=benchmarks/compare
readonly sorteo_bin=build/release/bin
readonly peers_bin=build/peers/bin
readonly connections=5
readonly batch_bets=100
rounds=5
seconds=8
only=
csv=
dir=build/compare
json=
builds=yes

fail() {
  echo "compare.sh: $*" >&2
  exit 1
}

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2; }

# shellcheck source=benchmarks/compare/servers.sh
source "$here/servers.sh"
# shellcheck source=benchmarks/compare/rows.sh
source "$here/rows.sh"
# shellcheck source=benchmarks/compare/extras.sh
source "$here/extras.sh"

while [ $# -gt 0 ]; do
  case "$1" in
    --rounds) rounds=${2:?--rounds wants a number} && shift ;;
    --seconds) seconds=${2:?--seconds wants a number} && shift ;;
    --only) only=${2:?--only wants names} && shift ;;
    --csv) csv=${2:?--csv wants a folder} && shift ;;
    --dir) dir=${2:?--dir wants a folder} && shift ;;
    --json) json=${2:?--json wants a file} && shift ;;
    --no-build) builds=no ;;
    --list)
      printf '%s\n' "${all_rows[@]}" "${all_extras[@]}"
      exit 0
      ;;
    -h | --help)
      sed -n '2,15s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    *) fail "unknown argument '$1'; see --help" ;;
  esac
  shift
done

is_wanted() { [ -z "$only" ] || [[ ",$only," == *",$1,"* ]]; }
for name in ${only//,/ }; do
  [[ " ${all_rows[*]} ${all_extras[*]} " == *" $name "* ]] || fail "no row is called '$name'; see --list"
done

build_all() {
  cmake --preset release &&
    cmake --build --preset release --parallel "$(nproc)" --target sorteo sorteo-server limit_server &&
    cmake -S benchmarks/peers -B build/peers -G Ninja -DCMAKE_BUILD_TYPE=Release &&
    cmake --build build/peers --parallel "$(nproc)"
}

mkdir -p "$dir"
dir=$(realpath "$dir")
if [ "$builds" = yes ]; then
  scripts/install-deps.sh
  benchmarks/install-peers.sh
  say "building"
  if ! build_all >"$dir/build.log" 2>&1; then
    tail -n 20 "$dir/build.log" >&2
    fail "the build failed; all of it is in $dir/build.log"
  fi
fi

json=${json:-$dir/runs.json}
: >"$json"
if [ -z "$csv" ]; then
  csv=$dir/bets
  [ -d "$csv" ] || "$sorteo_bin/sorteo" generate --agencies 5 --bets 20000 --seed 2026 --out "$csv"
fi
mapfile -t csv_files < <(printf "$csv/agency-%d.csv\n" 1 2 3 4 5)
ulimit -n "$(ulimit -Hn)"
trap stop_everything EXIT

# Runs one row in a fresh directory, and keeps what it measured.
run_row() {
  local name=$1 round=$2 place=$3
  begin_run "$name"
  if ! "row_${name//-/_}"; then
    tail -n 5 "$run/client.err" "$run/server.err" >&2 2>/dev/null || true
    fail "$name did not finish"
  fi
  jq -c --arg row "$name" --argjson round "$round" --arg place "$place" --argjson peak "$peak_bytes" \
    --argjson disk "$disk_bytes" --argjson cpu "$server_cpu" -f "$here/run.jq" "$run/result.json" >>"$json"
  end_run
  say "round $round: $(tail -n 1 "$json" | jq -r \
    '"\(.row): \(.bets_per_second / 1000 | round) thousand bets/s, p50 \(.p50 | round) us"')"
}

for ((round = 1; round <= rounds; round++)); do
  for name in "${all_rows[@]}"; do
    if is_wanted "$name"; then
      # What a ratio compares ran one right after the other.
      [ "$name" = sorteo ] || run_row sorteo "$round" "before $name"
      run_row "$name" "$round" own
    fi
  done
  for name in "${all_extras[@]}"; do
    if is_wanted "$name"; then
      "extra_${name//-/_}" "$round"
    fi
  done
done

jq -rs -f "$here/table.jq" "$json" | column -t -s $'\t'
jq -rs -f "$here/extras.jq" "$json"
