#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs what the tests need, builds every way that is tested, runs all tests.
# Usage: tests/run.sh [--quick] [--long] [--filter REGEX]
#   --quick         only the development build and its tests
#   --long          soaks and random campaigns in their long form (MILLRACE_LONG=1)
#   --filter REGEX  only tests whose name matches; leaves out the clean room
# The last line sums up: "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.."

quick=0 filter=""
export MILLRACE_LONG=${MILLRACE_LONG:-0}
passed=0 failed=0 skipped=0
times=()

usage() { sed -n 's/^# \{0,1\}//; 4,7p' "$0"; }

while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=1 ;;
    --long) MILLRACE_LONG=1 ;;
    --filter)
      [ $# -gt 1 ] || { echo "error: --filter needs a regular expression" >&2; exit 2; }
      filter=$2
      shift
      ;;
    -h | --help) usage; exit 0 ;;
    *) echo "error: unknown option $1; tests/run.sh --help lists them" >&2; exit 2 ;;
  esac
  shift
done

# phase NAME COMMAND...: runs it, keeps its time; a phase that fails counts as one failed test
# unless it counted its own.
phase() {
  local name=$1 start=$SECONDS before=$failed status=0
  shift
  printf '\n== %s\n' "$name"
  "$@" || status=$?
  if [ $status -ne 0 ] && [ "$failed" -eq "$before" ]; then failed=$((failed + 1)); fi
  times+=("$(printf '%5d s  %s%s' $((SECONDS - start)) "$name" "$([ $status -eq 0 ] || echo '  FAILED')")")
  return $status
}

build() { # PRESET
  mkdir -p build
  if cmake --preset "$1" >"build/$1.log" 2>&1 && cmake --build --preset "$1" >>"build/$1.log" 2>&1; then
    return 0
  fi
  grep -nE -m 20 'error|FAILED|Error' "build/$1.log" || tail -n 30 "build/$1.log"
  echo "the whole log: build/$1.log"
  return 1
}

count() { sed -nE "/<testsuite/,/>/ s/.*[^a-z]$2=\"([0-9]+)\".*/\1/p" "$1" | head -n 1; }

# Adds what one run of ctest did to the sums.
tally() {
  local file=$1 all bad skip off
  [ -s "$file" ] || { echo "ctest wrote no result"; return 1; }
  all=$(count "$file" tests) bad=$(count "$file" failures) skip=$(count "$file" skipped) off=$(count "$file" disabled)
  skip=$((${skip:-0} + ${off:-0}))
  passed=$((passed + all - bad - skip)) failed=$((failed + bad)) skipped=$((skipped + skip))
  echo "$((all - bad - skip)) passed, $bad failed, $skip skipped"
}

# Every skipped test by name, with the reason that it printed.
reasons() {
  awk '/^[0-9]+\/[0-9]+ Test(ing)?: / { name = $0; sub(/^[^:]*: /, "", name) }
       /: Skipped$/ { getline; print "  skipped: " name ": " $0 }
       /^SKIPPED: / { print "  skipped: " name ": " substr($0, 10) }' "$1/Testing/Temporary/LastTest.log" 2>/dev/null
}

run() { # PRESET [CTEST ARGUMENT...]
  local preset=$1 folder=$PWD/build/$1 status=0
  shift
  rm -f "$folder/tests.xml"
  ctest --preset "$preset" --no-tests=error --output-junit "$folder/tests.xml" -j "$(nproc)" \
    ${filter:+-R "$filter"} "$@" >"$folder/tests.log" 2>&1 || status=$?
  if [ $status -ne 0 ]; then
    grep -vE '^ *Start +[0-9]+: | +(Passed|\*\*\*Skipped) +[0-9.]+ sec$' "$folder/tests.log" | head -n 400
    echo "the whole log: $folder/tests.log"
  fi
  reasons "$folder"
  tally "$folder/tests.xml" && return $status
}

# A build that fails has no tests to run.
build_and_run() { # PRESET DESCRIPTION [CTEST ARGUMENT...]
  local preset=$1 description=$2
  shift 2
  phase "$preset: build, $description" build "$preset" && phase "$preset: tests" run "$preset" "$@"
}

clean_room() {
  local status=0
  tests/clean_room.sh || status=$?
  case $status in
    0) passed=$((passed + 1)) ;;
    77) skipped=$((skipped + 1)) ;;
    *) return 1 ;;
  esac
}

phase packages app/install_packages.sh app/packages.txt tests/packages.txt || exit 1
# What a check, an external program or the emulated guest already said once need not be said under
# each sanitizer.
once="check|external|bench|lab"
build_and_run dev "g++, assertions on"
if [ $quick -eq 0 ]; then
  ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1 \
  UBSAN_OPTIONS=print_stacktrace=1 LSAN_OPTIONS=print_suppressions=0 \
    build_and_run asan "clang, address, leak and undefined behaviour sanitizers" -LE "$once"
  TSAN_OPTIONS=second_deadlock_stack=1:suppressions=$PWD/tests/tsan.supp \
    build_and_run tsan "clang, thread sanitizer and thread-safety analysis" -LE "$once|libav"
  [ -n "$filter" ] || phase "clean room: quick start on a bare Debian" clean_room
fi

printf '\n'
printf '%s\n' "${times[@]}"
printf '%5d s  in all\n\n' $SECONDS
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
