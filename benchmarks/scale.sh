#!/usr/bin/env bash
# What a large store costs beside a small one, and beside reading its files through once: the draw,
# `sorteo verify`, `sorteo export`, a restart after kill -9, and memory. Ratios are medians over the
# rounds, in which all of them take turns. While the large store is made, durably, its throughput is told.
#
# usage: benchmarks/scale.sh [--millions N] [--rounds N] [--keep] [DIRECTORY]
#   --millions N   of bets in the large store (100); the small one has 1
#   --rounds N     (5)
#   --keep         leave the stores, to use them again
#   DIRECTORY      where they are, or are made: 60 bytes a bet (build/scale)
set -euo pipefail
cd "$(dirname "$0")/.."

usage() { sed -n '2,11s/^# \{0,1\}//p' "$0"; }

millions=100
rounds=5
keep=
directory=build/scale
while [ $# -gt 0 ]; do
  case "$1" in
    --millions | --rounds)
      [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || {
        echo "scale.sh: $1 wants a number from 1 on" >&2
        exit 2
      }
      declare "${1#--}=$2"
      shift
      ;;
    --keep) keep=1 ;;
    -h | --help)
      usage
      exit 0
      ;;
    -*)
      usage >&2
      exit 2
      ;;
    *) directory=$1 ;;
  esac
  shift
done

large=$directory/$millions-million
small=$directory/1-million
times=$directory/times
bin=build/release/bin

cmake --preset release > /dev/null
cmake --build --preset release --target sorteo sorteo-server fill_store draw_store > /dev/null

mkdir -p "$directory"
server=
finish() {
  [ -z "$server" ] || kill -9 "$server" 2> /dev/null || true
  rm -rf "$times" "$directory/config.json"
  [ -n "$keep" ] || rm -rf "$large" "$small"
  rm -rf "$large.part" "$small.part"
}
trap finish EXIT

make_store() { # its directory, millions of bets
  [ -d "$1" ] && return
  echo "Making a store of $2 million bets"
  "$bin/fill_store" "$1.part" "$2" fsync
  mv "$1.part" "$1"
}

# Appends to the file of `name` the seconds that a command takes, and those of CPU time.
measure() { # name, command...
  local name=$1 TIMEFORMAT='%R %U %S'
  shift
  { time "$@" > /dev/null; } 2>&1 | awk '{printf "%.3f %.3f\n", $1, $2 + $3}' >> "$times/$name"
}

# Starts the server, waits until it listens, notes its memory, and kills it.
restart() { # name, store
  cat > "$directory/config.json" << END
{"listen": {"port": 0}, "storage": {"type": "file", "path": "$(realpath "$2")"}}
END
  local begin=$EPOCHREALTIME line=
  exec 3< <(exec "$bin/sorteo-server" --config "$directory/config.json" 2>&1)
  server=$!
  while read -r -t 60 line <&3; do
    [[ $line != *"action: listen"* ]] || break
  done
  [[ $line == *"action: listen"* ]] || {
    echo "scale.sh: the server did not start" >&2
    exit 1
  }
  echo "$begin $EPOCHREALTIME" | awk '{printf "%.4f\n", $2 - $1}' >> "$times/restart-$1"
  awk '/^RssAnon/ {printf "%.2f\n", $2 / 1024}' "/proc/$server/status" >> "$times/memory-$1"
  kill -9 "$server"
  wait "$server" 2> /dev/null || true
  server=
  exec 3<&-
}

# The median over the rounds of the ratio of two files of times, and the least and the greatest.
ratio() { # text, name, name of what it is divided by, target
  paste <(cut -d' ' -f1 "$times/$2") <(cut -d' ' -f1 "$times/$3") | awk '{print $1 / $2}' | sort -n | awk -v text="$1" -v target="$4" '
    {ratio[NR] = $1}
    END {
      printf "%-48s %5.2f (%.2f to %.2f), target %s\n", text, ratio[int((NR + 1) / 2)], ratio[1],
        ratio[NR], target
    }'
}

median() { # name, column
  awk -v column="${2:-1}" '{print $column}' "$times/$1" | sort -n |
    awk '{value[NR] = $1} END {print value[int((NR + 1) / 2)]}'
}

cat_store() { cat "$large"/bets-*.log; }
draw() { "$bin/draw_store" "$large" | awk '{print $1}' >> "$times/draw"; }

make_store "$small" 1
make_store "$large" "$millions"
rm -rf "$times"
mkdir "$times"
for ((round = 1; round <= rounds; ++round)); do
  # So that all of them find the files in memory: a server that starts drops its last one from it.
  cat_store > /dev/null
  measure cat cat_store
  measure verify "$bin/sorteo" verify --storage "$large"
  measure open-and-draw draw
  measure export "$bin/sorteo" export --storage "$large"
  restart small "$small"
  restart large "$large"
done

echo "$millions million bets, $rounds rounds; reading the files through takes $(median cat) seconds"
ratio "draw, to reading the files through" draw cat "1.5 or less"
ratio "sorteo verify, to the same" verify cat "1.5 or less"
ratio "sorteo export, to the same" export cat "3 or less"
ratio "restart after kill -9, to that at 1 million" restart-large restart-small "1.5 or less"
ratio "memory after it, to that at 1 million" memory-large memory-small "1"
echo "CPU seconds: reading through $(median cat 2), opening and draw $(median open-and-draw 2)," \
  "verify $(median verify 2), export $(median export 2)"
echo "restart: $(median restart-small) and $(median restart-large) seconds," \
  "memory: $(median memory-small) and $(median memory-large) MiB"
