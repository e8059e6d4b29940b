#!/usr/bin/env bash
# Puts deliberate defects into a copy of the program, one at a time, and checks that the tests fail on
# each. A defect is a patch in tests/mutants whose first lines say what it is, what has to be built and
# which command must fail. Everything is done in build/mutants.
#
# usage: scripts/mutants.sh [--every K] [NAME...]
#   --every K   only each K-th defect, from the first one on (1)
#   NAME        only these, as in tests/mutants/NAME.patch
#
# A line "N passed, N failed" ends it: passed are the defects that the tests noticed.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() { sed -n '2,11s/^# \{0,1\}//p' "$0"; }

every=1
names=()
while [ $# -gt 0 ]; do
  case "$1" in
    --every)
      every=${2:?--every wants a number}
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
  at=0
  for patch in tests/mutants/*.patch; do
    [ $((at++ % every)) -eq 0 ] && names+=("$(basename "$patch" .patch)")
  done
fi

scripts/install-deps.sh
readonly root=build/mutants
readonly source=$root/source
readonly build=$root/build
# Copied anew, with new times: what an interrupted run had built of a defect must not look current.
rm -rf "$source"
mkdir -p "$source" "$build"
git ls-files -z --cached --others --exclude-standard | tar -c --null -T - | tar -x -m -C "$source"
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug >/dev/null

field() { sed -n "s/^$1: *//p" "tests/mutants/$2.patch" | head -n 1; }

# Builds what a defect names and runs its command; the words of both go to a log.
try() {
  local name=$1
  # shellcheck disable=SC2046  # one word for each target
  cmake --build "$build" --parallel "$(nproc)" --target $(field builds "$name") >"$root/$name.log" 2>&1 || return 3
  (cd "$build" && timeout 300 bash -c "$(field fails "$name")") >>"$root/$name.log" 2>&1
}

# Without a defect every command has to succeed, or its failure tells nothing.
declare -A sound
for name in "${names[@]}"; do
  command="$(field builds "$name"): $(field fails "$name")"
  [ -z "${sound[$command]:-}" ] || continue
  try "$name" || {
    tail -n 30 "$root/$name.log" >&2
    echo "mutants.sh: without a defect this fails as well: $command" >&2
    exit 1
  }
  sound[$command]=yes
done

passed=0
failed=0
for name in "${names[@]}"; do
  if ! patch -s -p1 -d "$source" <"tests/mutants/$name.patch"; then
    echo "$name: the patch does not fit any more" >&2
    exit 1
  fi
  status=0
  try "$name" || status=$?
  patch -s -R -p1 -d "$source" <"tests/mutants/$name.patch"
  if [ "$status" -eq 3 ]; then
    echo "$name: the program with the defect cannot be built; see $root/$name.log" >&2
    failed=$((failed + 1))
  elif [ "$status" -eq 0 ]; then
    echo "$name: NOT NOTICED: $(field defect "$name")" >&2
    failed=$((failed + 1))
  else
    echo "$name: noticed: $(field defect "$name")"
    passed=$((passed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
