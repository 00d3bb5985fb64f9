# SPDX-License-Identifier: MIT
# From exec to exit of a recording of one small frame, against the floor that opens the same
# encoder and muxer.
source tests/bench/counts.sh

start() {
  local ours peer=("$bin/encode_one_frame" "$work/peer.mkv") pairs=${quick:+2}
  record_bars 1 64x64 "$work/ours.mkv"
  say "start: ${pairs:=21} pairs"
  printf 'start\twall\t%s\n' "$("$bin/paired_runs" "$pairs" "${ours[@]}" -- "${peer[@]}")"
  row start allocations "$(allocations "${ours[@]}")" "$(allocations "${peer[@]}")" count
  row start system-calls "$(system_calls "${ours[@]}")" "$(system_calls "${peer[@]}")" count
}
