#!/usr/bin/env bash
# Builds and makes one of the attacks of docs/testing.md, and says how many of its cases passed.
#
# usage: scripts/attack.sh [--full] NAME...
#   --full   every case; without it, the fraction that CI runs
#   NAME     truncate, flip, blocks, fail, repair, power-cut, kill-server, kill-client, network, or all
#
# The tests are those of the preset dev, or with --full of the preset attack, which is optimised;
# SORTEO_ATTACK_PRESET names another one.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() { sed -n '2,9s/^# \{0,1\}//p' "$0"; }

# What each attack is: the program of tests, and which of them.
filter_of() {
  case "$1" in
    truncate) echo 'storage_attack_test TruncationAttackTest.*' ;;
    flip) echo 'storage_attack_test BitFlipAttackTest.*' ;;
    blocks) echo 'storage_attack_test BlockAttackTest.*' ;;
    repair) echo 'storage_attack_test RepairAttackTest.*' ;;
    fail) echo 'storage_attack_test *FailingCallAttackTest.*:FullDiskAttackTest.*' ;;
    power-cut) echo 'storage_attack_test PowerCutAttackTest.*' ;;
    kill-server) echo 'failures_test KilledServerTest.*' ;;
    kill-client) echo 'failures_test KilledClientTest.*' ;;
    network) echo 'failures_test LyingNetworkTest.*:*EitherVersionTest.*' ;;
    *) return 1 ;;
  esac
}

default_preset=dev
names=()
while [ $# -gt 0 ]; do
  case "$1" in
    --full)
      export SORTEO_ATTACK_SCALE=full
      default_preset=attack
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    all) names+=(truncate flip blocks fail repair power-cut kill-server kill-client network) ;;
    *)
      if ! filter_of "$1" >/dev/null; then
        echo "attack.sh: unknown attack '$1'; see --help" >&2
        exit 2
      fi
      names+=("$1")
      ;;
  esac
  shift
done
if [ ${#names[@]} -eq 0 ]; then
  usage >&2
  exit 2
fi

scripts/install-deps.sh
preset=${SORTEO_ATTACK_PRESET:-$default_preset}
targets=()
for name in "${names[@]}"; do
  read -r target _ <<<"$(filter_of "$name")"
  targets+=("$target")
done
cmake --preset "$preset" >/dev/null
mapfile -t targets < <(printf '%s\n' "${targets[@]}" | sort -u)
cmake --build --preset "$preset" --parallel "$(nproc)" --target "${targets[@]}" -- --quiet

for name in "${names[@]}"; do
  read -r target filter <<<"$(filter_of "$name")"
  output=build/$preset/attack-$name.log
  if ! "build/$preset/bin/$target" --gtest_filter="$filter" >"$output" 2>&1; then
    grep -v '^\[ *\(RUN\|OK\)' "$output" | tail -n 40 >&2
    echo "attack.sh: $name failed; all of it is in $output" >&2
    exit 1
  fi
  # Each test says what it did, as in `truncations: 65537`.
  sed -n 's/^\([a-z ]*: [0-9][0-9]*\)$/  \1/p' "$output"
  passed=$(sed -n 's/^[a-z ]*: \([0-9][0-9]*\)$/\1/p' "$output" | awk '{ sum += $1 } END { print sum + 0 }')
  if [ "$passed" -eq 0 ]; then
    echo "attack.sh: $name tried nothing" >&2
    exit 1
  fi
  echo "$name: $passed passed"
done
