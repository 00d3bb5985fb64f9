#!/bin/bash
# SPDX-License-Identifier: MIT
# In the guest: sets it up, runs the given scripts one after the other, and switches it off. Beside
# what the scripts leave in LAB_RESULTS, /share gets NAME.log and NAME.status of each.
# Usage: run_tests.sh LIMIT SCRIPT…         (LIMIT: seconds for each)
set -uo pipefail
limit=$1
shift
here=$(dirname "${BASH_SOURCE[0]}")

switch_off() {
  dmesg >/share/kernel.log
  sync
  echo o >/proc/sysrq-trigger
  sleep 60
}

run() {
  local script=$1 name status=0
  name=$(basename "$script" .sh)
  export LAB_RESULTS=/share/$name
  mkdir -p "$LAB_RESULTS" "/run/lab/$name"
  echo "$name" >/share/running
  (cd "/run/lab/$name" && exec timeout --kill-after=5 "$limit" bash "$script") >"/share/$name.log" 2>&1 </dev/null ||
    status=$?
  [ $status -ne 124 ] && [ $status -ne 137 ] ||
    echo "lab: $name did not end within $limit s and was killed" >>"/share/$name.log"
  echo $status >"/share/$name.status"
}

: >/share/booted
trap switch_off EXIT
"$here/set_up.sh" >/share/set_up.log 2>&1 || exit
: >/share/ready
for script in "$@"; do run "$script"; done
: >/share/finished
