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

usage() { sed -n '2,10s/^# \{0,1\}//p' "$0"; }

every=1
names=()
while [ $# -gt 0 ]; do
  case "$1" in
    --every)
      every=${2:?--every wants a number}
      [[ $every =~ ^[1-9][0-9]*$ ]] || {
        echo "mutants.sh: --every wants a number from 1 on, not '$every'" >&2
        exit 2
      }
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
    *)
      [ -f "tests/mutants/$1.patch" ] || {
        echo "mutants.sh: there is no tests/mutants/$1.patch" >&2
        exit 2
      }
      names+=("$1")
      ;;
  esac
  shift
done
if [ ${#names[@]} -eq 0 ]; then
  at=0
  for patch in tests/mutants/*.patch; do
    [ $((at++ % every)) -ne 0 ] || names+=("$(basename "$patch" .patch)")
  done
fi

scripts/install-deps.sh
readonly root=build/mutants
readonly source=$root/source
# As deep as the build of the program itself, so that ccache finds what was compiled there.
readonly build=$source/build/dev
# Long enough for any of the commands: a defect that makes one hang is noticed as well.
readonly seconds=120
readonly most_said=1000000

# Makes the copy equal to the tree. Files that are equal keep their times: nothing is built again for
# them. What an interrupted run left of a defect is not equal.
copy_tree() {
  mkdir -p "$source"
  local file
  git ls-files --cached --others --exclude-standard | sort >"$root/files"
  while IFS= read -r file; do
    [ -f "$file" ] || continue  # deleted, and not yet committed
    cmp -s "$file" "$source/$file" && continue
    mkdir -p "$source/$(dirname "$file")"
    cp "$file" "$source/$file"
    touch "$source/$file"
  done <"$root/files"
  (cd "$source" && find . -path ./build -prune -o -type f -print) | sed 's,^\./,,' | sort |
    comm -13 "$root/files" - | while IFS= read -r file; do rm "$source/$file"; done
}

field() { sed -n "s/^$1: *//p" "tests/mutants/$2.patch" | head -n 1; }

# Builds what a defect names and runs its command; what it says goes to a log. 3 when it cannot be built.
try() {
  local name=$1 log=$PWD/$root/$1.log
  local command targets
  command=$(field fails "$name")
  read -ra targets <<<"$(field builds "$name")"
  cmake --build "$build" --parallel "$(nproc)" --target "${targets[@]}" >"$log" 2>&1 || return 3
  cd "$build"
  # The first test that fails is enough, and so is the beginning of what a test says without end.
  GTEST_FAIL_FAST=1 timeout "$seconds" bash -c "$command" 2>&1 | head -c "$most_said" >"$log"
}

# Which test noticed it: the one that failed, or the one that the program did not live through.
witness() {
  local test
  test=$(sed -n 's/^\[  FAILED  \] \([^ ,]*\.[^ ,]*\).*/\1/p' "$root/$1.log" | head -n 1)
  [ -n "$test" ] || test=$(sed -n 's/^\[ RUN      \] \(.*\)/\1, which did not end/p' "$root/$1.log" | tail -n 1)
  echo "${test:-the end of the program}"
}

copy_tree
(cd "$source" && cmake --preset dev >/dev/null)

# Without a defect every command has to succeed, or its failure tells nothing.
declare -A sound
for name in "${names[@]}"; do
  command="$(field builds "$name"): $(field fails "$name")"
  [ -z "${sound[$command]:-}" ] || continue
  (try "$name") || {
    grep -v SKIPPED "$root/$name.log" | tail -n 30 >&2
    echo "mutants.sh: without a defect this fails as well: $command" >&2
    exit 1
  }
  sound[$command]=yes
done

passed=0
failed=0
for name in "${names[@]}"; do
  if ! git apply --directory="$source" "tests/mutants/$name.patch"; then
    echo "$name: the patch does not fit any more" >&2
    failed=$((failed + 1))
    continue
  fi
  status=0
  (try "$name") || status=$?
  git apply -R --directory="$source" "tests/mutants/$name.patch"
  case $status in
    0)
      echo "$name: NOT NOTICED: $(field defect "$name")" >&2
      failed=$((failed + 1))
      ;;
    3)
      echo "$name: the program with the defect cannot be built; see $root/$name.log" >&2
      failed=$((failed + 1))
      ;;
    *)
      echo "$name: noticed by $(witness "$name"): $(field defect "$name")"
      passed=$((passed + 1))
      ;;
  esac
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
