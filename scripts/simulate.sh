#!/usr/bin/env bash
# Builds the simulation of docs/testing.md, optimised, and plays exchanges.
#
# usage: scripts/simulate.sh [--full] [OPTION...]
#   --full   1,000,000 seeds; without it, the 20,000 that CI plays
#   OPTION   as build/simulation/bin/simulation takes them: --seeds N, --from SEED,
#            --replay SEED, --verbose
set -euo pipefail
cd "$(dirname "$0")/.."

options=()
for option in "$@"; do
  case "$option" in
    --full) options+=(--seeds 1000000) ;;
    -h | --help)
      sed -n '2,7s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    *) options+=("$option") ;;
  esac
done

scripts/install-deps.sh
cmake --preset release -B build/simulation -DSORTEO_BUILD_TESTS=ON -DSORTEO_BUILD_BENCHMARKS=OFF >/dev/null
cmake --build build/simulation --parallel "$(nproc)" --target simulation -- --quiet
exec build/simulation/bin/simulation "${options[@]}"
