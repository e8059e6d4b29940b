# The rows of compare.sh, which sources this: each starts a server in $run, loads it, leaves JSON in
# $run/result.json, sets peak_bytes and disk_bytes (0: not told), and stops the server.

all_rows=(
  limit sorteo limit-direct sorteo-quiet sorteo-v1
  grpc-16 grpc-256 grpc-16-callback grpc-256-callback
  sorteo-sdk grpc-16-memory grpc-256-memory
  redis nats postgres-100 postgres-100-wide postgres-10000 sqlite-1 sqlite-256
)

readonly listen_pattern='s/.*action: listen | result: success.*| port: \([0-9]*\).*/\1/p'

# start_sorteo LOG_LEVEL: without the lines of level info, it does not tell its port either.
start_sorteo() {
  local listen=0
  [ "$1" = info ] || listen=$(free_port)
  cat >"$run/server.json" <<JSON
{
  "listen": {"host": "127.0.0.1", "port": $listen},
  "threads": 0,
  "storage": {"type": "file", "path": "$run/store", "durability": "fsync"},
  "log": {"level": "$1"},
  "limits": {"max_requests_in_flight": 256}
}
JSON
  if [ "$listen" = 0 ]; then
    start_server "$listen_pattern" "$sorteo_bin/sorteo-server" --config "$run/server.json"
  else
    start_server_at "$listen" "$sorteo_bin/sorteo-server" --config "$run/server.json"
  fi
}

# bench_sorteo OPTIONS...
bench_sorteo() {
  "$sorteo_bin/sorteo" bench --server "127.0.0.1:$port" --yes --quiet --batch-bets "$batch_bets" \
    --warm-up 1s --duration "${seconds}s" --server-pid "$server" --csv "${csv_files[@]}" \
    --json "$run/result.json" "$@" >"$run/client.out" 2>"$run/client.err"
}

# load_sorteo OPTIONS...: five connections, one for each agency.
load_sorteo() {
  bench_sorteo --agencies 5 --connections "$connections" "$@"
}

finish_sorteo() {
  stop_server
  disk_bytes=$(bytes_on_disk "$run/store")
}

# limit WAY_TO_WRITE
limit() {
  start_server 's/^port: //p' "$sorteo_bin/limit_server" --dir "$run/limit" \
    --bets-per-batch "$batch_bets" --write "$1"
  load_sorteo --window 256 || return 1
  stop_server
  disk_bytes=$(bytes_told)
}
row_limit() { limit buffered; }
row_limit_direct() { limit direct; }

# Its own runs count in the files, too; those before the other rows take the server's word.
row_sorteo() {
  local check=()
  [ "$place" != own ] || check=(--store "$run/store")
  start_sorteo info
  load_sorteo --window 256 --winners "${check[@]}" || return 1
  finish_sorteo
}

row_sorteo_quiet() {
  start_sorteo warning
  load_sorteo --window 256 || return 1
  finish_sorteo
}

row_sorteo_v1() {
  start_sorteo info
  load_sorteo --window 256 --protocol 1 || return 1
  finish_sorteo
}

row_sorteo_sdk() {
  start_sorteo info
  load_sorteo --window 256 --through sdk || return 1
  finish_sorteo
}

# load_peer PROGRAM WHERE OPTIONS...: an option that comes twice counts as it came last.
load_peer() {
  local program=$1 where=$2
  shift 2
  "$peers_bin/$program" --server "$where" --connections "$connections" --batch-bets "$batch_bets" \
    --warm-up 1 --duration "$seconds" --server-pid "${server:-0}" --csv "${csv_files[@]}" "$@" \
    >"$run/result.json" 2>"$run/client.err"
}

# grpc WINDOW MODE API
grpc() {
  start_server 's/^port: //p' "$peers_bin/grpc_server" "$run/grpc" "$3"
  load_peer grpc_client "127.0.0.1:$port" --window "$1" --mode "$2" || return 1
  peak_bytes=$(peak_of "$server")
  stop_server
  disk_bytes=$(bytes_told)
}
row_grpc_16() { grpc 16 ready async; }
row_grpc_256() { grpc 256 ready async; }
row_grpc_16_callback() { grpc 16 ready callback; }
row_grpc_256_callback() { grpc 256 ready callback; }
row_grpc_16_memory() { grpc 16 memory async; }
row_grpc_256_memory() { grpc 256 memory async; }

row_redis() {
  mkdir "$run/redis"
  local at
  at=$(free_port)
  # The file is never rewritten: nothing in it is ever out of date.
  start_server_at "$at" redis-server --bind 127.0.0.1 --port "$at" --dir "$run/redis" --save "" \
    --appendonly yes --appendfsync always --auto-aof-rewrite-percentage 0 --daemonize no
  # One turn of its loop reads 16 KiB of a connection at most and commits them together: more
  # connections make larger groups.
  load_peer redis_client "127.0.0.1:$port" --connections 20 --window 64 || return 1
  peak_bytes=$(peak_of "$server")
  stop_server
  disk_bytes=$(bytes_on_disk "$run/redis")
}

# What the consumer uses counts as the server's: without it nobody has looked at a bet.
row_nats() {
  mkdir "$run/nats"
  cat >"$run/nats.conf" <<CONF
listen: "127.0.0.1:-1"
max_payload: 8MB
write_deadline: "60s"
jetstream { store_dir: "$run/nats", max_file_store: 200GB }
CONF
  start_server 's/.*Listening for client connections on .*:\([0-9]*\)$/\1/p' nats-server -c "$run/nats.conf"
  "$peers_bin/nats_consumer" "127.0.0.1:$port" "$connections" >"$run/consumer.out" 2>"$run/consumer.err" &
  helper=$!
  wait_for grep -q ready "$run/consumer.out"
  load_peer nats_client "127.0.0.1:$port" --window 256 || return 1
  stop_one "$helper"
  helper=
  local total consumed cpu
  total=$(from_result .bets_total)
  consumed=$(tail -n 1 "$run/consumer.out" | jq .bets)
  cpu=$(tail -n 1 "$run/consumer.out" | jq .cpu_seconds)
  [ "$consumed" = "$total" ] || fail "of $total bets that NATS acknowledged, its consumer got $consumed"
  server_cpu=$(from_result ".server_cpu_seconds_per_million_bets + $cpu / $total * 1e6")
  peak_bytes=$(peak_of "$server")
  stop_server
  disk_bytes=$(bytes_on_disk "$run/nats")
}

readonly postgres_bin=/usr/lib/postgresql/15/bin

# PostgreSQL refuses to run as root.
as_postgres=()
[ "$(id -u)" -ne 0 ] || as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups)

psql_postgres() {
  "${as_postgres[@]}" psql -X -q -h 127.0.0.1 -p "$port" -d postgres -v ON_ERROR_STOP=1 "$@"
}

# Fills 2 GiB of the log and lets a checkpoint take them back, so that what is measured goes into space
# that was written before.
warm_postgres_log() {
  psql_postgres -c 'CREATE TABLE warm (n int)' -c 'CHECKPOINT' >/dev/null || return 1
  local segment
  for segment in $(seq 32); do
    echo "INSERT INTO warm VALUES ($segment); SELECT pg_switch_wal();"
  done | psql_postgres -f - >/dev/null || return 1
  psql_postgres -c 'DROP TABLE warm' -c 'CHECKPOINT' >/dev/null
}

# postgres BETS_OF_A_TRANSACTION CONNECTIONS
postgres() {
  local data=$run/postgres at
  at=$(free_port)
  mkdir -p "$data"
  [ "$(id -u)" -ne 0 ] || chown postgres "$data"
  "${as_postgres[@]}" "$postgres_bin/initdb" -D "$data" -A trust -U postgres -E UTF8 --locale=C \
    --wal-segsize=64 >"$run/initdb.out" 2>&1
  start_server_at "$at" "${as_postgres[@]}" "$postgres_bin/postgres" -D "$data" -h 127.0.0.1 -p "$at" \
    -c unix_socket_directories= -c fsync=on -c synchronous_commit=on -c full_page_writes=on \
    -c wal_level=minimal -c max_wal_senders=0 -c wal_buffers=64MB -c min_wal_size=4GB \
    -c max_wal_size=64GB -c checkpoint_timeout=1h -c shared_buffers=2GB -c autovacuum=off \
    -c commit_delay=0 -c bgwriter_lru_maxpages=0 -c wal_writer_flush_after=0 -c backend_flush_after=0
  wait_for psql_postgres -c 'SELECT 1'
  # Without it PostgreSQL would be measured at less than it can do.
  warm_postgres_log || return 1
  local before
  before=$(bytes_on_disk "$data/base")
  load_peer postgres_client "host=127.0.0.1 port=$port user=postgres dbname=postgres" \
    --batch-bets "$1" --connections "$2" || return 1
  peak_bytes=$(shared_memory_of "$server")
  # Answers clients no more, writes what it has, and ends.
  stop_server INT
  disk_bytes=$(($(bytes_on_disk "$data/base") - before))
}
row_postgres_100() { postgres 100 "$connections"; }
row_postgres_100_wide() { postgres 100 20; }
row_postgres_10000() { postgres 10000 "$connections"; }

# sqlite BATCHES_OF_A_TRANSACTION: the program is client and server in one; what it uses counts as the
# server's.
sqlite() {
  load_peer sqlite_client "$run/bets.sqlite" --window "$1" || return 1
  server_cpu=$(from_result .client_cpu_seconds_per_million_bets)
  peak_bytes=$(from_result .client_peak_bytes)
  disk_bytes=$(bytes_on_disk "$run/bets.sqlite")
}
row_sqlite_1() { sqlite 1; }
row_sqlite_256() { sqlite 256; }
