#!/usr/bin/env bash
# Builds everything with assertions and warnings as errors, and runs every test. Installs what is
# missing first.
#
# usage: scripts/test.sh [PRESET]
#   PRESET   dev (default), asan or tsan: see CMakePresets.json
#
# The tests of the lottery's real data run where SORTEO_REAL_DATA names the folder that holds
# agency-1.csv to agency-5.csv, or where it is found beside the checkout; elsewhere they are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:-dev}
case "$preset" in
  dev | asan | tsan) ;;
  -h | --help)
    sed -n '2,9s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  *)
    echo "test.sh: unknown preset '$preset'; see --help" >&2
    exit 2
    ;;
esac

scripts/install-deps.sh
if [ -z "${SORTEO_REAL_DATA:-}" ] && [ -f ../shared/data/agency-1.csv ]; then
  SORTEO_REAL_DATA=$(realpath ../shared/data)
  export SORTEO_REAL_DATA
fi

cmake --preset "$preset"
cmake --build --preset "$preset" --parallel "$(nproc)"
ctest --preset "$preset"
