#!/usr/bin/env bash
# Says which C++ files clang-format 14 would write otherwise, and fails if there are any.
#
# usage: scripts/check-format.sh [--fix]
#   --fix   rewrite them instead
set -euo pipefail
cd "$(dirname "$0")/.."

mode=(--dry-run --Werror)
case "${1:-}" in
  "") ;;
  --fix) mode=(-i) ;;
  *)
    sed -n '2,5s/^# \{0,1\}//p' "$0"
    [ "$1" = --help ] || exit 2
    exit 0
    ;;
esac
git ls-files -z -- '*.hpp' '*.cpp' | xargs -0 -r clang-format "${mode[@]}"
