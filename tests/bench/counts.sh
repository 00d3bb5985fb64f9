# SPDX-License-Identifier: MIT
# What repeats exactly: heap allocations and system calls of a whole process.

record_bars() { # FRAMES SIZE OUT: our command, as an array in `ours`
  ours=("$bin/millrace" record --quiet --source test:bars --size "$2" --frames "$1" --overwrite always -o "$3")
}

allocations() {
  MILLRACE_ALLOCATIONS_TO="$work/count" LD_PRELOAD="$lib/count_allocations.so" "$@" >/dev/null 2>&1 ||
    fail "under the allocation counter failed: $*"
  cat "$work/count"
}

system_calls() {
  strace -f -c -o "$work/strace" "$@" >/dev/null 2>&1 || fail "under strace failed: $*"
  awk '$NF == "total" { print $4 }' "$work/strace"
}
