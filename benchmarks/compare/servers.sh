# Starting, measuring and stopping the servers of compare.sh, which sources this.

server=       # process id of the one that runs
helper=       # of what runs beside it, and counts as the server's
run=          # the directory of the run
peak_bytes=0  # what a row has measured
disk_bytes=0
server_cpu=null

begin_run() {
  run=$dir/run-$1
  rm -rf "$run"
  mkdir -p "$run"
  peak_bytes=0
  disk_bytes=0
  server_cpu=null
}

# What the next run writes must not wait for what this one has left.
end_run() {
  rm -rf "$run"
  sync -f "$dir"
}

stop_one() {
  local pid=$1
  [ -n "$pid" ] || return 0
  kill -"${2:-TERM}" "$pid" 2>/dev/null || return 0
  wait "$pid" 2>/dev/null || true
}

stop_server() {
  stop_one "$helper"
  stop_one "$server" "${1:-TERM}"
  helper=
  server=
}

# At the end, also after a failure or Ctrl-C: a run leaves gigabytes.
stop_everything() {
  stop_server INT
  [ -z "$run" ] || rm -rf "$run"
}

# start_server PATTERN COMMAND...: sets `server`, and `port` to what PATTERN, a sed expression, finds in
# what the command prints.
start_server() {
  local pattern=$1
  shift
  : >"$run/server.out"
  : >"$run/server.err"
  "$@" >"$run/server.out" 2>"$run/server.err" &
  server=$!
  port=
  local waited
  for ((waited = 0; waited < 1200; waited++)); do
    port=$(sed -n "$pattern" "$run/server.out" "$run/server.err" | head -n 1)
    [ -z "$port" ] || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 5 "$run/server.err" >&2
  fail "$1 did not start"
}

# start_server_at PORT COMMAND...: for servers that do not tell where they listen.
start_server_at() {
  port=$1
  shift
  : >"$run/server.out"
  : >"$run/server.err"
  "$@" >"$run/server.out" 2>"$run/server.err" &
  server=$!
  wait_for is_listening "$port"
}

is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A port that nobody listens on; for servers that cannot pick one themselves. Below those that the system
# gives to clients.
free_port() {
  local candidate
  for _ in $(seq 100); do
    candidate=$((20000 + RANDOM % 12000))
    if ! is_listening "$candidate"; then
      echo "$candidate"
      return 0
    fi
  done
  fail "no port is free"
}

# wait_for COMMAND...: until it succeeds.
wait_for() {
  local waited
  for ((waited = 0; waited < 300; waited++)); do
    "$@" >/dev/null 2>&1 && return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 5 "$run/server.err" >&2
  fail "a server did not start"
}

# The most memory that the process has had, in bytes.
peak_of() { awk '/^VmHWM:/ { print $2 * 1024 }' "/proc/$1/status"; }

# The memory of a process and its children; what they share counts once.
shared_memory_of() {
  local pid sum=0
  for pid in "$1" $(pgrep -P "$1" || true); do
    sum=$((sum + $(awk '/^Pss:/ { print $2 * 1024 }' "/proc/$pid/smaps_rollup" 2>/dev/null || echo 0)))
  done
  echo "$sum"
}

# What the files in a directory take up.
bytes_on_disk() { du -sB1 "$1" | cut -f1; }

# What a server whose space is made ahead says that it has written.
bytes_told() { sed -n 's/^bytes: //p' "$run/server.out"; }
