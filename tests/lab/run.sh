#!/bin/bash
# SPDX-License-Identifier: MIT
# Boots a guest that has cameras, a desktop and dma-bufs and runs tests of tests/lab/tests in it, with
# the programs of a build tree of this machine. Needs no device, no KVM and no module here.
# Usage: tests/lab/run.sh [OPTION…] [TEST…]            all tests, when none is named
#        tests/lab/run.sh [OPTION…] -- COMMAND ARG…    a command in the guest, from the current folder
#   --build FOLDER    the build tree (build/dev)
#   --limit SECONDS   for each test (120)
#   --cached          never fetches the kernel; tests/lab/fetch.sh does
#   --list            names the tests
# Results and logs: FOLDER/lab/NAME, where NAME is the test's, "command", or "all".
# Exit status: 0 all passed, 77 nothing could be run here (and why), 1 otherwise, 2 usage; that of
# COMMAND. A guest that hangs is stopped, and the end of its console shown.
set -euo pipefail
# shellcheck source=tests/lab/boot.sh
. "$(dirname "$0")/boot.sh"

# Seconds of silence on the console; a boot takes 5 s on an idle machine, minutes on one that starves it.
boot_limit=${MILLRACE_LAB_BOOT_LIMIT:-120}
longest_boot=480
limit=120
fetching=()
names=()
scripts=()
command=()
guest=0

usage() { sed -n 's/^# \{0,1\}//; 4,12p' "$lab/run.sh"; }

all_tests() { find "$lab/tests" -name '*.sh' -printf '%f\n' | sed 's/\.sh$//' | sort; }

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --build | --limit)
        [ $# -gt 1 ] || lab_misused "$1 needs a value"
        if [ "$1" = --limit ]; then limit=$2; else lab_build=$2; fi
        shift
        ;;
      --cached) fetching=(--cached) ;;
      --list) all_tests; exit 0 ;;
      -h | --help) usage; exit 0 ;;
      --) shift; command=("$@"); [ $# -gt 0 ] || lab_misused "-- needs a command"; break ;;
      -*) lab_misused "unknown option $1; tests/lab/run.sh --help lists them" ;;
      *) names+=("$1") ;;
    esac
    shift
  done
  [[ $limit =~ ^[1-9][0-9]*$ ]] || lab_misused "--limit takes seconds, not '$limit'"
  find_build
}

# What is to be run, and where its results lie.
choose() {
  local name
  if [ ${#command[@]} -gt 0 ]; then
    [ ${#names[@]} -eq 0 ] || lab_misused "either tests or a command, not both"
    names=(command)
  fi
  [ ${#names[@]} -gt 0 ] || mapfile -t names < <(all_tests)
  results=$lab_build/lab/all
  [ ${#names[@]} -gt 1 ] || results=$lab_build/lab/${names[0]}
  for name in "${names[@]}"; do
    if [ "$name" = command ]; then
      scripts+=(/share/command.sh)
    else
      [ -f "$lab/tests/$name.sh" ] || lab_misused "there is no test $name; tests/lab/run.sh --list names them"
      scripts+=("$lab/tests/$name.sh")
    fi
  done
}

write_share() {
  rm -rf "$results"
  mkdir -p "$results"
  write_start "$results/start.sh" "$lab/guest/run_tests.sh" "$limit" "${scripts[@]}"
  [ ${#command[@]} -eq 0 ] || printf 'cd %q && exec%s\n' "$PWD" "$(printf ' %q' "${command[@]}")" >"$results/command.sh"
}

stop_guest() {
  [ "$guest" -eq 0 ] || kill -KILL "$guest" 2>/dev/null || true
}

# Until the guest ends by itself; false when it has to be stopped.
watch_guest() {
  local deadline=$((SECONDS + boot_limit)) booted=0 size seen=0
  while kill -0 "$guest" 2>/dev/null; do
    if [ $booted -eq 0 ] && [ -e "$results/booted" ]; then
      booted=1
      # What is killed in time needs 5 s more; set-up and switching off have the boot's own limit.
      deadline=$((SECONDS + boot_limit + (limit + 5) * ${#scripts[@]}))
    fi
    size=$(stat -c %s "$results/console.log" 2>/dev/null || echo 0)
    if [ $booted -eq 0 ] && [ "$size" -ne "$seen" ] && [ $SECONDS -lt $longest_boot ]; then
      seen=$size deadline=$((SECONDS + boot_limit))
    fi
    if [ $SECONDS -ge $deadline ]; then
      stop_guest
      return 1
    fi
    sleep 0.1
  done
}

boot() {
  (qemu "$results" -monitor none -serial "file:$results/console.log") </dev/null >"$results/qemu.log" 2>&1 &
  guest=$!
  trap stop_guest EXIT
  local stopped=0
  watch_guest || stopped=1
  wait "$guest" 2>/dev/null || true
  guest=0
  [ $stopped -eq 0 ]
}

tail_of() { # FILE WHAT
  [ -s "$1" ] || { echo "-- $2: nothing"; return 0; }
  echo "-- $2, its end ($1):"
  tail -n 60 "$1" | tr -d '\r'
}

# A guest that did not come to its end: what it was doing, as far as anybody knows.
explain() {
  local doing="it did not boot" name=""
  [ ! -e "$results/booted" ] || doing="it was being set up"
  if [ -e "$results/running" ]; then
    name=$(cat "$results/running")
    doing="it ran $name"
    [ ! -e "$results/$name.status" ] || doing="it was switching off after $name"
  fi
  echo "FAILED: lab: $1; $doing"
  [ ! -s "$results/qemu.log" ] || tail_of "$results/qemu.log" "what QEMU says"
  [ -e "$results/ready" ] || [ ! -e "$results/booted" ] || tail_of "$results/set_up.log" "the set-up"
  [ -z "$name" ] || tail_of "$results/$name.log" "the output of $name"
  tail_of "$results/console.log" "the guest's console"
  echo "tests/lab/README.md says how to look further"
}

report() {
  local name status passed=0 failed=0 skipped=0
  for name in "${names[@]}"; do
    [ -e "$results/$name.status" ] || { failed=$((failed + 1)); echo "$name: not run to its end"; continue; }
    status=$(cat "$results/$name.status")
    [ ${#names[@]} -eq 1 ] || echo "== $name"
    cat "$results/$name.log"
    case $status in
      0) passed=$((passed + 1)) ;;
      77) skipped=$((skipped + 1)) ;;
      *) failed=$((failed + 1)); echo "FAILED: $name ended with $status" ;;
    esac
  done
  echo "lab: $passed passed, $failed failed, $skipped skipped in $SECONDS s; logs: $results"
  [ $failed -eq 0 ] || return 1
  [ $passed -gt 0 ] || return 77
}

read_options "$@"
choose
find_parts ${fetching[@]+"${fetching[@]}"}
write_share
status=0
if ! boot; then
  explain "the guest hung and was stopped after $SECONDS s"
  status=1
elif [ ! -e "$results/finished" ]; then
  explain "the guest ended before its tests"
  status=1
fi
[ $status -eq 0 ] || [ ${#names[@]} -gt 1 ] || exit $status
if [ ${#command[@]} -gt 0 ]; then
  cat "$results/command.log"
  exit "$(cat "$results/command.status")"
fi
report || status=$?
exit $status
