#!/bin/bash
# SPDX-License-Identifier: MIT
# A gate that cannot fail is no gate: the area memory is run over what stand-ins for the bench and
# its tools say, first with all in order, then with one offence, and must tell the two apart.
set -euo pipefail
cd "$(dirname "$0")/../.."
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
export said
failed=0

stand_in() { # FILE LINE...
  local file=$said/$1
  shift
  printf '%s\n' '#!/bin/bash' "$@" >"$file"
  chmod +x "$file"
}

# Rows of ours: those with a limit of instructions, one that makes memory, one on two threads.
contenders() { printf '%s\n' 'buffer-memory-2-metas 1' 'meta-add-remove 1' 'map-frame 1' 'ref 1' 'copy-shallow 1' 'pool 1' 'pool-activate 1' 'pool-hand-over 2'; }

profile() { # ROW PART INSTRUCTIONS: of 100 or 300 times
  printf 'desc: Trigger: Client Request: %s ours %s 100\ntotals: %s\n' "$1" "$2" "$3" >"$said/profile.$1.$2"
}

all_in_order() {
  local row threads part
  rm -f "$said"/profile.* "$said"/{list,allocations,strace}
  : >"$said/lib/count_allocations.so"
  while read -r row threads; do
    echo "$row ours $threads" >>"$said/list"
    echo "$row ours $([ "$row" = pool-activate ] && echo 12.0000 || echo 0.0000)" >>"$said/allocations"
    for part in few many; do
      printf '7 write(-1, "mark %s ours %s 100", 20) = -1 EBADF\n7 write(-1, "mark none", 9) = -1 EBADF\n' "$row" $part
    done >>"$said/strace"
    profile "$row" few 1000
    profile "$row" many 2000
  done < <(contenders)
}

gates_hold() {
  PATH=$said/tools:$PATH tests/bench/run.sh --quick --build "$said" memory >/dev/null 2>"$said/log"
}

# finds OFFENCE COMMAND...: after COMMAND the gates must not hold.
finds() {
  all_in_order
  "${@:2}"
  ! gates_hold || { echo "FAILED: the gates hold with $1"; failed=1; return 0; }
  grep -qE '^(# FAILED|error: memory): ' "$said/log" || { echo "FAILED: nothing names $1"; cat "$said/log"; failed=1; return 0; }
  echo "the gates find $1"
}

replace() { sed -i "s/$2/$3/" "$said/$1"; }

forget() { sed -i "/$2/d" "$said/$1"; }

call_once() { sed -i "/mark $1 ours many/a 7 mmap(0) = 0" "$said/strace"; }

mkdir "$said"/{bin,lib,tools}
stand_in bin/memory_bench 'case $1 in list) cat "$said/list" ;; counts) cat "$said/allocations" ;;' \
  'times) printf "ref\tours\t1\t1\nref\tfloor\t1\t1\n" ;; esac'
stand_in tools/strace 'while [ "$1" != -o ]; do shift; done; cat "$said/strace" >"$2"'
stand_in tools/valgrind 'for word in "$@"; do case $word in --callgrind-out-file=*) out=${word#*=} ;; esac; done' \
  'number=0; for part in "$said"/profile.*; do cp "$part" "$out.$((++number))"; done'

all_in_order
gates_hold || { echo "FAILED: the gates do not hold when all is in order"; cat "$said/log"; exit 1; }
grep -q '^# memory: [0-9]* gates held$' "$said/log" || { echo "FAILED: nothing says how many gates held"; failed=1; }
finds "no counter of allocations" rm "$said/lib/count_allocations.so"
finds "allocations that were not counted" replace allocations 0.0000 -
finds "a row without allocations" forget allocations '^ref '
finds "an allocation in a hundred operations" replace allocations '^ref ours 0.0000' 'ref ours 0.0100'
finds "an allocation that is gone in a hundred operations" replace allocations '^ref ours 0.0000' 'ref ours -0.0100'
finds "an allocation on two threads" replace allocations '^pool-hand-over ours 0.0000' 'pool-hand-over ours 0.0001'
finds "an empty log of system calls" cp /dev/null "$said/strace"
finds "half a log of system calls" forget strace 'mark ref ours many'
finds "a system call in two hundred operations" call_once map-frame
finds "a row without instructions" rm "$said/profile.ref.many"
finds "no instructions at all" replace profile.pool.many 2000 1000
finds "an instruction too many" replace profile.ref.many 2000 4900
finds "no contenders of ours" replace list ours theirs
exit $failed
