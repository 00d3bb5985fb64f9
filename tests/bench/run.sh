#!/bin/bash
# SPDX-License-Identifier: MIT
# Compares Millrace with a peer or a floor on this machine, now.
# Usage: tests/bench/run.sh [AREA…]        (without AREA: all; the areas are the functions below)
# One tab-separated line per comparison: area  name  ours  peer  unit  ratio  min  max
# ratio > 1: ours is better. Lines of what is going on begin with '#' and go to stderr.
set -euo pipefail
cd "$(dirname "$0")/../.."

areas=(start frame)
bin=$PWD/build/bench/bin
lib=$PWD/build/bench/lib
work=$(mktemp -d "${TMPDIR:-/tmp}/millrace-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

say() { echo "# $1" >&2; }

fail() {
  echo "error: $1" >&2
  exit 1
}

build() {
  say "build: the release build, with the tools of the bench"
  mkdir -p build
  { cmake --preset bench && cmake --build --preset bench; } >build/bench.log 2>&1 ||
    { tail -n 20 build/bench.log >&2; fail "the build for the bench failed (log: build/bench.log)"; }
}

record() { # FRAMES SIZE OUT: our command, as an array in `ours`
  ours=("$bin/millrace" record --quiet --source test:bars --size "$2" --frames "$1" --overwrite always -o "$3")
}

# row AREA NAME OURS PEER UNIT: of two numbers, of which the smaller is better
row() {
  awk -v OFS='\t' -v a="$1" -v n="$2" -v o="$3" -v p="$4" -v u="$5" \
    'BEGIN { r = (o > 0) ? sprintf("%.3f", p / o) : "inf"; print a, n, o, p, u, r, r, r }'
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

# From exec to exit of a recording of one small frame, against the floor that opens the same
# encoder and muxer.
start() {
  local ours peer=("$bin/encode_one_frame" "$work/peer.mkv")
  record 1 64x64 "$work/ours.mkv"
  say "start: 21 pairs"
  printf 'start\twall\t%s\n' "$("$bin/paired_runs" 21 "${ours[@]}" -- "${peer[@]}")"
  row start allocations "$(allocations "${ours[@]}")" "$(allocations "${peer[@]}")" count
  row start system-calls "$(system_calls "${ours[@]}")" "$(system_calls "${peer[@]}")" count
}

# per_frame COUNTER FRAMES-COMMAND: what 200 more frames cost, divided by 200, start-up cancelled
per_frame() {
  local counter=$1 make=$2 few many
  $make 50
  few=$($counter "${command[@]}")
  $make 250
  many=$($counter "${command[@]}")
  awk -v few="$few" -v many="$many" 'BEGIN { printf "%.2f", (many - few) / 200 }'
}

ours_of() {
  local ours
  record "$1" 640x360 "$work/ours.mkv"
  command=("${ours[@]}")
}

peer_of() {
  command=(ffmpeg -nostdin -v error -f lavfi -i smptebars=size=640x360:rate=30 -frames:v "$1" -pix_fmt nv12
    -c:v libx264 -qp 23 -bf 0 -y "$work/peer.mkv")
}

# What one more frame costs in heap allocations and system calls, against ffmpeg's own test source
# through libx264.
frame() {
  say "frame: counts of 50 and of 250 frames"
  row frame allocations "$(per_frame allocations ours_of)" "$(per_frame allocations peer_of)" per-frame
  row frame system-calls "$(per_frame system_calls ours_of)" "$(per_frame system_calls peer_of)" per-frame
}

[ $# -gt 0 ] || set -- "${areas[@]}"
for area in "$@"; do
  [[ " ${areas[*]} " == *" $area "* ]] || fail "there is no area $area; known: ${areas[*]}"
done
for tool in strace ffmpeg; do
  command -v $tool >/dev/null || fail "$tool is not installed (package $tool)"
done
build
for area in "$@"; do "$area"; done
