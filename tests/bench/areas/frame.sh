# SPDX-License-Identifier: MIT
# What one more frame costs in heap allocations and system calls, against ffmpeg's own test source
# through libx264.
source tests/bench/counts.sh

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
  record_bars "$1" 640x360 "$work/ours.mkv"
  command=("${ours[@]}")
}

peer_of() {
  command=(ffmpeg -nostdin -v error -f lavfi -i smptebars=size=640x360:rate=30 -frames:v "$1" -pix_fmt nv12
    -c:v libx264 -qp 23 -bf 0 -y "$work/peer.mkv")
}

frame() {
  say "frame: counts of 50 and of 250 frames"
  row frame allocations "$(per_frame allocations ours_of)" "$(per_frame allocations peer_of)" per-frame
  row frame system-calls "$(per_frame system_calls ours_of)" "$(per_frame system_calls peer_of)" per-frame
}
