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
missing=()
for package in "${packages[@]}"; do
  if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$'; then
    missing+=("$package")
  fi
done
if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi

if [ "$(id -u)" -eq 0 ]; then
  as_root=()
elif command -v sudo >/dev/null; then
  as_root=(sudo)
else
  echo "install-peers.sh: these packages are missing, and installing them needs root: ${missing[*]}" >&2
  exit 1
fi

echo "installing: ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends \
  "${missing[@]}" >/dev/null
