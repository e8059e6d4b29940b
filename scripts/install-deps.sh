#!/usr/bin/env bash
# Installs every Debian 12 package that the build, the tests and the demo use. Installs only what is
# missing, so that it is quick when run again. The README says what each package is for.
#
# usage: scripts/install-deps.sh [--ci]
#   --ci   also what only CI uses: the formatter and the fuzzers' compiler
set -euo pipefail

packages=(
  # toolchain
  g++ cmake ninja-build git ca-certificates
  # libraries that the programs link
  libboost1.81-dev nlohmann-json3-dev libvalijson-dev libspdlog-dev libcli11-dev libxxhash-dev libssl-dev
  # the tests; pkg-config for the one that builds against the installed SDK, openssl for certificates
  libgtest-dev libgmock-dev pkg-config openssl
  # the benchmarks
  libbenchmark-dev
)
ci_packages=(clang clang-format libclang-rt-14-dev)

case "${1:-}" in
  "") ;;
  --ci) packages+=("${ci_packages[@]}") ;;
  -h | --help)
    sed -n '2,7s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  *)
    echo "install-deps.sh: unknown argument '$1'; see --help" >&2
    exit 2
    ;;
esac

"$(dirname "$0")/install-packages.sh" "${packages[@]}"
