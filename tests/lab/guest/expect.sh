#!/bin/bash
# SPDX-License-Identifier: MIT
# To be sourced by the lab's tests: what they expect, said so that a failure explains itself.
#   all_of PROGRAM FILTER       every gtest case that FILTER chooses passes, and none is skipped
#   ends_with STATUS COMMAND…   runs it; what it printed, on both streams, is in $output
#   says TEXT…                  $output holds each of them
set -euo pipefail
output=""

failed() {
  echo "FAILED: $1"
  exit 1
}

all_of() {
  local program=$1 filter=$2
  command -v "$program" >/dev/null || failed "$program is not built; its target has the same name"
  echo "$program $filter"
  "$program" --gtest_color=no --gtest_filter="$filter" | tee gtest.log || failed "$program $filter"
  ! grep -q '^\[  SKIPPED \]' gtest.log || failed "$program $filter skipped tests, and the lab has what they want"
  ! grep -q '^\[  PASSED  \] 0 tests' gtest.log || failed "$program has no test $filter"
}

ends_with() {
  local expected=$1 status=0
  shift
  echo "\$ $*"
  output=$("$@" 2>&1) || status=$?
  echo "$output"
  [ $status -eq "$expected" ] || failed "'$*' ended with $status, not $expected"
}

says() {
  local text
  for text in "$@"; do
    grep -qF -- "$text" <<<"$output" || failed "it does not say '$text'"
  done
}
