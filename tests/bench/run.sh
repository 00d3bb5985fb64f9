#!/bin/bash
# SPDX-License-Identifier: MIT
# Compares Millrace with a peer or a floor on this machine, now.
# Usage: tests/bench/run.sh [--quick] [--build FOLDER] [AREA…]
#   AREA            one of the files in tests/bench/areas; without any: all
#   --quick         few rounds of small pictures: what counts is checked, times mean little
#   --build FOLDER  takes the programs from this build folder instead of building build/bench
# One tab-separated line per comparison: area  name  ours  peer  unit  ratio  min  max
# ratio > 1: ours is better. Lines of what is going on begin with '#' and go to stderr, at last how
# many counts that repeat exactly (gates) held. Exit status 1: one did not, or something could not be
# measured.
set -euo pipefail
cd "$(dirname "$0")/../.."

areas=()
for file in tests/bench/areas/*.sh; do areas+=("$(basename "$file" .sh)"); done
quick='' folder='' held=0 failed=() broken=0

say() { echo "# $1" >&2; }

fail() {
  echo "error: $1" >&2
  exit 1
}

# must WHAT COMMAND...: a count that has to hold; the comparisons go on and the script fails at the end.
must() {
  if "${@:2}"; then held=$((held + 1)); else failed+=("$1"); fi
}

# What came of the area's gates; none are named where nothing had to hold.
sum_up() { # AREA
  [ ${#failed[@]} -eq 0 ] || printf '# FAILED: %s\n' "${failed[@]}" >&2
  if [ ${#failed[@]} -gt 0 ]; then
    say "$1: ${#failed[@]} of $((held + ${#failed[@]})) gates FAILED"
    broken=1
  elif [ $held -gt 0 ]; then
    say "$1: $held gates held"
  fi
  held=0 failed=()
}

needs() { # TOOL PACKAGE
  command -v "$1" >/dev/null || fail "$1 is not installed (package $2)"
}

build() {
  say "build: the release build, with the tools of the bench"
  mkdir -p build
  { cmake --preset bench && cmake --build --preset bench; } >build/bench.log 2>&1 ||
    { tail -n 20 build/bench.log >&2; fail "the build for the bench failed (log: build/bench.log)"; }
}

# row AREA NAME OURS PEER UNIT: of two numbers, of which the smaller is better
row() {
  awk -v OFS='\t' -v a="$1" -v n="$2" -v o="$3" -v p="$4" -v u="$5" \
    'BEGIN { r = (o == p) ? "1.000" : (o > 0) ? sprintf("%.3f", p / o) : "inf"; print a, n, o, p, u, r, r, r }'
}

# contest_row AREA NAME PEER COLUMN UNIT [DIVISOR]: medians of `ours` and PEER in a column of what
# `contest` printed to $work/contest, and median, least and greatest of peer / ours over the rounds
contest_row() {
  awk -F '\t' -v OFS='\t' -v area="$1" -v name="$2" -v peer="$3" -v column="$4" -v unit="$5" \
    -v divisor="${6:-1}" '
    function median(values, n, i, j, t) {
      for (i = 2; i <= n; i++)
        for (j = i; j > 1 && values[j - 1] > values[j]; j--) {
          t = values[j]; values[j] = values[j - 1]; values[j - 1] = t
        }
      return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
    }
    $1 == "ours" { ours[$2] = $column / divisor; rounds = $2 > rounds ? $2 : rounds }
    $1 == peer { theirs[$2] = $column / divisor }
    END {
      for (i = 1; i <= rounds; i++) ratio[i] = theirs[i] / ours[i]
      o = median(ours, rounds); p = median(theirs, rounds); r = median(ratio, rounds)
      printf "%s\t%s\t%.1f\t%.1f\t%s\t%.3f\t%.3f\t%.3f\n", area, name, o, p, unit, r, ratio[1],
        ratio[rounds]
    }' "$work/contest"
}

while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=yes ;;
    --build)
      [ $# -gt 1 ] || fail "--build needs a folder"
      folder=$(realpath "$2")
      shift
      ;;
    -h | --help) sed -n 's/^# \{0,1\}//; 3,11p' "$0"; exit 0 ;;
    -*) fail "unknown option $1; tests/bench/run.sh --help lists them" ;;
    *) break ;;
  esac
  shift
done
[ $# -gt 0 ] || set -- "${areas[@]}"
for area in "$@"; do
  [[ " ${areas[*]} " == *" $area "* ]] || fail "there is no area $area; known: ${areas[*]}"
done
[ -n "$folder" ] || { build; folder=$PWD/build/bench; }
bin=$folder/bin
lib=$folder/lib
work=$(mktemp -d "${TMPDIR:-/tmp}/millrace-bench.XXXXXX")
server='' scratch=''
clean_up() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work" ${scratch:+"$scratch"}
}
trap clean_up EXIT

needs strace strace
needs ffmpeg ffmpeg
for area in "$@"; do
  # shellcheck source=/dev/null
  source "tests/bench/areas/$area.sh"
  "$area"
  sum_up "$area"
done
exit $broken
