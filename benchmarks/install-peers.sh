#!/usr/bin/env bash
# Installs the Debian 12 packages of the peers that compare.sh runs, and jq. Installs only what is
# missing. The project itself needs none of them.
#
# usage: benchmarks/install-peers.sh
set -euo pipefail

case "${1:-}" in
  "") ;;
  -h | --help)
    sed -n '2,5s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  *)
    echo "install-peers.sh: unknown argument '$1'; see --help" >&2
    exit 2
    ;;
esac

packages=(
  jq pkg-config
  libgrpc++-dev protobuf-compiler protobuf-compiler-grpc libprotobuf-dev
  redis-server libhiredis-dev
  nats-server libnats-dev
  postgresql-15 libpq-dev
  libsqlite3-dev
)
"$(dirname "$0")/../scripts/install-packages.sh" "${packages[@]}"
