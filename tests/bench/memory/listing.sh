#!/bin/bash
# SPDX-License-Identifier: MIT
# Which instructions one operation of the area memory runs, with how often each runs per operation.
# Usage: tests/bench/memory/listing.sh [--build FOLDER] ROW [SIDE]
#   ROW             a row of the area: ref, map-frame, …
#   SIDE            ours (the default), gst, av-buffer, av-frame, floor
#   --build FOLDER  where the bench is built; default: build/bench
set -euo pipefail
cd "$(dirname "$0")/../../.."

folder=$PWD/build/bench
if [ "${1:-}" = --build ]; then
  folder=$(realpath "$2")
  shift 2
fi
[ $# -ge 1 ] || { sed -n 's/^# \{0,1\}//; 3,7p' "$0"; exit 2; }
row=$1 side=${2:-ours} times=1000
work=$(mktemp -d "${TMPDIR:-/tmp}/millrace-listing.XXXXXX")
trap 'rm -rf "$work"' EXIT

valgrind --quiet --tool=callgrind --instr-atstart=no --dump-instr=yes --compress-pos=no \
  --compress-strings=no --callgrind-out-file="$work/out" \
  "$folder/bin/memory_bench" counts $times --row "$row" >/dev/null
profile=$(grep -l "Client Request: $row $side many " "$work"/out.*) ||
  { echo "error: $side has no row $row" >&2; exit 1; }

# "OBJECT ADDRESS COUNT", of the instructions themselves: what follows calls= is what was called.
awk '
  /^ob=/ { object = substr($0, 4); next }
  /^calls=/ { skip = 1; next }
  /^0x/ { if (!skip) print object, substr($1, 3), $3; skip = 0 }' "$profile" >"$work/counts"

cut -d ' ' -f 1 "$work/counts" | sort -u | while read -r object; do
  [ -r "$object" ] || continue
  objdump -d -C --no-show-raw-insn "$object" | awk -v times=$((3 * times)) -v object="$object" '
    FNR == NR { if ($1 == object) count[$2] += $3; next }
    /^[0-9a-f]+ </ { title = $0; next }
    /^ +[0-9a-f]+:/ {
      address = $1
      sub(/:/, "", address)
      if (count[address] < times / 100) next
      if (title != "") { sub(/^[0-9a-f]+ /, "", title); print "\n" title; title = "" }
      each = count[address] / times
      sum += each
      printf "%7.2f %s\n", each, $0
    }
    END { printf "\n%7.2f instructions in %s\n", sum, object }' "$work/counts" -
done
