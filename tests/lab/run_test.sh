#!/bin/bash
# SPDX-License-Identifier: MIT
# A lab that cannot fail is no lab: what fails, hangs or panics in the guest must say so, in time.
# Usage: run_test.sh BUILD-FOLDER
set -euo pipefail
lab=$(cd "$(dirname "$0")" && pwd)
build=$1
output=""

fail() {
  echo "FAILED: $1. It said:"
  echo "$output"
  exit 1
}

# ends_with STATUS TEXT OPTION…: run.sh ends so, and says TEXT.
ends_with() {
  local expected=$1 text=$2 status=0
  shift 2
  output=$("$lab/run.sh" --cached --build "$build" "$@" 2>&1) || status=$?
  [ $status -ne 77 ] || [ "$expected" -eq 77 ] || { echo "$output"; exit 77; }
  [ $status -eq "$expected" ] || fail "run.sh $* ended with $status, not $expected"
  grep -qF -- "$text" <<<"$output" || fail "run.sh $* does not say '$text'"
  echo "ended with $status and said '$text': run.sh $*"
}

ends_with 2 "there is no test nonsense" nonsense
ends_with 2 "takes seconds" --limit soon -- true
ends_with 3 "hello from the guest" -- bash -c 'echo hello from the guest; exit 3'
ends_with 124 "did not end within 2 s" --limit 2 -- sleep 100
ends_with 1 "sysrq triggered crash" -- bash -c 'echo c >/proc/sysrq-trigger'
# Who stops what that watches the limits gets the host's own.
# shellcheck disable=SC2016
MILLRACE_LAB_BOOT_LIMIT=15 ends_with 1 "hung and was stopped" --limit 1 -- bash -c 'kill -STOP $PPID; sleep 100'
MILLRACE_LAB_BOOT_LIMIT=0 ends_with 1 "it did not boot" -- true
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
MILLRACE_LAB_CACHE=$empty ends_with 77 "SKIPPED: the lab's kernel: it was not fetched yet" -- true
