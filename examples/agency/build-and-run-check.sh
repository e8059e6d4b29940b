#!/usr/bin/env bash
# Installs the SDK from a build directory to a temporary prefix, builds examples/agency against what
# was installed, once by CMake and once by pkg-config, and runs it. Also checks that the public
# headers show neither Asio nor any other library that the SDK uses inside.
#
# usage: examples/agency/build-and-run-check.sh BUILD_DIR [CXX_FLAG ...]
#   CXX_FLAG   flags that the build was made with and that its users need, such as -fsanitize=thread
set -euo pipefail

case "${1:-}" in
  -h | --help)
    sed -n '2,7s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  "")
    echo "build-and-run-check.sh: no build directory; see --help" >&2
    exit 2
    ;;
esac
build=$(cd "$1" && pwd)
shift
flags=("$@")
example=$(cd "$(dirname "$0")" && pwd)
cxx=${CXX:-c++}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/installed" --component sdk >/dev/null
# Moved, so that a path of the place where it was installed would be noticed.
mv "$work/installed" "$work/prefix"
prefix=$work/prefix

echo "== headers"
echo '#include <sorteo/client_sdk/client.hpp>' >"$work/header.cpp"
"$cxx" -std=c++20 -I"$prefix/include" -I"$prefix/include/sorteo" -M "$work/header.cpp" >"$work/headers"
if grep -E 'boost|nlohmann|spdlog' "$work/headers"; then
  echo "build-and-run-check.sh: client.hpp shows a library that it must not" >&2
  exit 1
fi

echo "== CMake package"
cmake -G Ninja -S "$example" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_COMPILER="$cxx" \
  -DCMAKE_CXX_FLAGS="${flags[*]}" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
cmake --build "$work/cmake" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
"$work/cmake/agency" --help

if command -v pkg-config >/dev/null; then
  echo "== pkg-config"
  pc=$(find "$prefix" -name sorteo.pc)
  export PKG_CONFIG_PATH=${pc%/*}
  # The flags are a list of words.
  # shellcheck disable=SC2046
  "$cxx" -std=c++20 "${flags[@]}" "$example/main.cpp" $(pkg-config --cflags --libs sorteo) \
    -o "$work/agency"
  "$work/agency" --help >/dev/null
else
  echo "== pkg-config is not installed: left out"
fi

# Nobody listens there: the program must say where it failed, and how.
echo "== run"
status=0
echo 'Ana,Paz,30904465,1999-03-17,7574' | "$work/cmake/agency" 127.0.0.1 1 1 2>"$work/said" || status=$?
cat "$work/said"
[ "$status" -eq 3 ]
grep -q '^agency: 127.0.0.1:1: connect: ' "$work/said"
echo "ok"
