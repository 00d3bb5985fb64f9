#!/bin/bash
# SPDX-License-Identifier: MIT
# The reference cases of engine/README.md: each test that is named there exists, each test with the
# number of a case in its name is named there, and stands in the row of its number.
set -euo pipefail
cd "$(dirname "$0")/../.."

rows() { sed -n '/^## Reference cases$/,$p' engine/README.md | grep '^| [0-9]' || true; }

# "NUMBER SUITE.case_NUMBER_…" of each row
named() { rows | sed -nE 's/^\| ([0-9]+) \|.*\| `([A-Za-z0-9]+\.case_[0-9a-z_]+)` \|$/\1 \2/p'; }

written() {
  find engine tests -name '*.h' -o -name '*.cpp' | sort | xargs cat | tr '\n' ' ' |
    grep -oE '\bTEST(_[FP])?\( *[A-Za-z0-9]+, *case_[0-9a-z_]+' | sed -E 's/.*\( *//; s/, */./' | sort -u
}

broken=0

# complain RULE: the lines on stdin break it, if there are any.
complain() {
  local found
  found=$(cat)
  [ -n "$found" ] || return 0
  printf '%s:\n%s\n' "$1" "$found"
  broken=1
}

tests=$(written)
complain "no row with one number and one test" < <(
  rows | grep -vE '^\| [0-9]+ \|[^|]*\| `[A-Za-z0-9]+\.case_[0-9a-z_]+` \|$')
complain "engine/README.md names tests that do not exist" < <(
  comm -23 <(named | cut -d ' ' -f 2 | sort -u) <(echo "$tests"))
complain "engine/README.md does not name these tests" < <(
  comm -13 <(named | cut -d ' ' -f 2 | sort -u) <(echo "$tests"))
complain "the row has another number than the test" < <(
  named | awk '{ number = $2; sub(/.*\.case_0*/, "", number); if (number + 0 != $1) print }')
exit $broken
