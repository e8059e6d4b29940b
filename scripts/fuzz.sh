#!/usr/bin/env bash
# Builds the fuzzers with clang and runs each for a while, under AddressSanitizer and
# UndefinedBehaviorSanitizer. What breaks one is kept in build/fuzz/findings.
#
# usage: scripts/fuzz.sh [--seconds N] [NAME...]
#   --seconds N   how long each runs (60)
#   NAME          which: batch, frame, ... (all)
set -euo pipefail
cd "$(dirname "$0")/.."

usage() { sed -n '2,8s/^# \{0,1\}//p' "$0"; }

seconds=60
names=()
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds)
      seconds=${2:?--seconds wants a number}
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    -*)
      usage >&2
      exit 2
      ;;
    *) names+=("$1") ;;
  esac
  shift
done
if [ ${#names[@]} -eq 0 ]; then
  for source in tests/fuzz/*_fuzzer.cpp; do
    names+=("$(basename "$source" _fuzzer.cpp)")
  done
fi

scripts/install-deps.sh --ci
cmake --preset fuzz
cmake --build --preset fuzz --parallel "$(nproc)" --target "${names[@]/%/_fuzzer}"

findings=build/fuzz/findings
mkdir -p "$findings"
for name in "${names[@]}"; do
  corpus=build/fuzz/corpus/$name
  seeds=tests/fuzz/corpus/$name
  mkdir -p "$corpus"
  folders=("$corpus")
  [ -d "$seeds" ] && folders+=("$seeds")
  log=build/fuzz/$name.log
  if ! "build/fuzz/bin/${name}_fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
    -max_len=65536 -print_final_stats=1 -artifact_prefix="$findings/$name-" "${folders[@]}" \
    >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "fuzz.sh: $name failed; the input is in $findings" >&2
    exit 1
  fi
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  edges=$(grep -o 'cov: [0-9]*' "$log" | tail -n 1)
  echo "$name: $executions executions in $seconds s, ${edges:-cov: ?}"
done
