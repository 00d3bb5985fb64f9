#!/bin/bash
# SPDX-License-Identifier: MIT
# The installed tree: another project builds against it (CMake package, millrace.pc), and the
# program runs from wherever the tree is moved to, without any environment variable.
# Usage: sdk_test.sh BUILD-FOLDER C++-COMPILER
set -euo pipefail
build=$1 compiler=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "FAILED: $1"
  [ ! -s "$work/log" ] || tail -n 30 "$work/log"
  exit 1
}

# One source that includes each installed header twice, so that a missing guard shows too.
write_all_headers() {
  (cd "$1" && find . -name '*.h' | sed 's,^\./,,' | sort) |
    awk '{ line = "#include \"" $0 "\""; print line; again = again line "\n" } END { printf "%s", again }'
}

components() { sed -n 's/^set(millrace_known_components \(.*\))$/\1/p' "$1"/lib*/cmake/millrace/millrace-config.cmake; }

installs() {
  cmake --install "$build" --prefix "$work/first" >"$work/log" 2>&1 || fail "cmake --install"
  mv "$work/first" "$work/moved"
  prefix=$work/moved
}

builds_by_cmake() {
  write_all_headers "$prefix/include/millrace" >"$work/all_headers.cpp"
  cmake -S "$here/project" -B "$work/sdk" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" \
    -DCMAKE_PREFIX_PATH="$prefix" -DSDK_COMPONENTS="$(components "$prefix")" \
    -DSDK_ALL_HEADERS="$work/all_headers.cpp" >"$work/log" 2>&1 || fail "find_package(millrace)"
  cmake --build "$work/sdk" >"$work/log" 2>&1 || fail "a project that uses the package does not build"
  "$work/sdk/lend_a_frame" || fail "a program that uses the package does not run"
  "$work/sdk/own_pool" || fail "a pool of one's own does not lend"
  "$work/sdk/own_meta" || fail "a meta of one's own gets lost"
  "$work/sdk/own_allocator" --gtest_brief=1 >"$work/log" || fail "an allocator of one's own breaks the contract"
}

# readme_block LANGUAGE: the first block of that language in README.md
readme_block() { awk -v fence="\`\`\`$1" '$0 == fence { on = 1; next } on && /^```/ { exit } on' "$here/../../README.md"; }

# The program of README.md, built by its recipes word for word: CMake, then pkg-config.
builds_by_the_readme() {
  mkdir "$work/frames"
  readme_block cpp >"$work/frames/frames.cpp"
  readme_block cmake >"$work/frames/CMakeLists.txt"
  readme_block sh | sed "s,PLACE,$prefix,g; s,^g++ ,$compiler ," >"$work/frames/build.sh"
  [ "$(grep -c frames "$work/frames/build.sh")" -ge 3 ] || fail "README.md has no recipe"
  (cd "$work/frames" && CXX="$compiler" CMAKE_GENERATOR=Ninja bash -eux build.sh) >"$work/log" 2>&1 ||
    fail "the program of README.md is not built by its recipe, or does not run"
}

refuses_an_unknown_component() {
  ! cmake -S "$here/project" -B "$work/unknown" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" \
    -DCMAKE_PREFIX_PATH="$prefix" -DSDK_COMPONENTS=warp -DSDK_ALL_HEADERS=none.cpp >"$work/log" 2>&1 ||
    fail "an unknown component is accepted"
  grep -q 'there is no component warp' "$work/log" || fail "an unknown component is not named"
}

records_without_environment() {
  env -i "$prefix/bin/millrace" record --source test:bars --size 64x64 --frames 3 --json \
    --output "$work/out.mkv" >"$work/summary.json" 2>"$work/log" || fail "the installed program does not record"
  grep -q '"software": *true' "$work/summary.json" || [ -e /dev/dri ] ||
    fail "the software driver did not encode: $(cat "$work/summary.json")"
  [ -s "$work/out.mkv" ] || fail "the recording is empty"
  echo "recorded with $(sed -n 's/.*"vendor": *"\([^"]*\)".*/\1/p' "$work/summary.json" | head -n 1)"
}

installs
builds_by_cmake
builds_by_the_readme
refuses_an_unknown_component
records_without_environment
