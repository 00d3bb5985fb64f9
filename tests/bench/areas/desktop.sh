# SPDX-License-Identifier: MIT
# A desktop of 1920x1080 at 60 frames a second with a client that moves, recorded by us and by
# ffmpeg's x11grab through libx264 with the same options; and by the same ffmpeg with the cheapest
# conversion that libswscale has. README.md says why it is fair.
source tests/bench/xvfb.sh
source tests/bench/x264.sh

# In the X server at DISPLAY, until the descriptor `client` is closed.
start_moving_client() { # SIZE
  exec {client}> >("$bin/moving_client" --size "$1" --at 40+30 --rate 60 >"$work/client")
  for _ in $(seq 100); do
    [ -s "$work/client" ] && break
    sleep 0.1
  done
  [ -s "$work/client" ] || fail "desktop: the moving client did not start"
}

grab() { # SCALER-OPTIONS OUT: an ffmpeg command in `grabber`
  grabber=(ffmpeg -nostdin -v error -f x11grab -framerate 60 -draw_mouse 1 -video_size "$size"
    -i "$DISPLAY" -t "$seconds" -fps_mode passthrough
    -vf "scale=out_color_matrix=bt709:out_range=tv$1,format=nv12" -c:v libx264 -preset veryfast
    -tune zerolatency -g 120 -threads "$(slice_threads "${size#*x}")" -x264-params "$x264_options"
    -y "$2")
}

# grabbed FILE: how many frames it has, and how many came more than half a frame late: ffmpeg counts
# neither those nor the ones that it leaves out
grabbed() {
  ffprobe -v error -select_streams v -show_entries packet=pts_time -of csv=p=0 "$1" | awk '
    { if (NR > 1 && $1 - last > 1.5 / 60) late++; last = $1 }
    END { print NR, late + 0 }'
}

counted() { # NAME: a number of our summary
  sed -nE "s/.*\"$1\":([0-9]+).*/\1/p" "$work/summary"
}

# One line for $work/contest and one for $work/frames (name, round, delivered, late, bytes) for each
# recorder; every second round goes backwards.
desktop_round() { # ROUND
  local name grabber command order=(ours x11grab x11grab-fast)
  [ $(($1 % 2)) -eq 1 ] || order=(x11grab-fast x11grab ours)
  for name in "${order[@]}"; do
    case $name in
      ours) command=("${ours[@]}") ;;
      x11grab) grab '' "$work/$name.mkv" && command=("${grabber[@]}") ;;
      x11grab-fast) grab ':flags=neighbor' "$work/$name.mkv" && command=("${grabber[@]}") ;;
    esac
    "$bin/contest" 1 "$name" "${command[@]}" >"$work/run"
    read -r delivered late < <(grabbed "$work/$name.mkv")
    if [ "$name" = ours ]; then
      must "our file holds what the summary says" [ "$delivered" -eq "$(counted delivered)" ]
      late=$(counted late)
    fi
    awk -F '\t' -v OFS='\t' -v round="$1" -v delivered="$delivered" \
      '{ $2 = round; print $0, $4 * 1000 / delivered }' "$work/run" >>"$work/contest"
    printf '%s\t%s\t%s\t%s\t%s\n' "$name" "$1" "$delivered" "$late" \
      "$(stat -c %s "$work/$name.mkv")" >>"$work/frames"
  done
}

summed() { # NAME COLUMN: of all rounds
  awk -F '\t' -v name="$1" -v column="$2" '$1 == name { sum += $column } END { print sum }' "$work/frames"
}

desktop() {
  local size=1920x1080 client_size=1280x720 seconds=10 rounds=5 round name ours delivered late
  if [ -n "$quick" ]; then size=640x480 client_size=320x240 seconds=1 rounds=1; fi
  local wanted=$((60 * seconds * rounds))
  # shellcheck disable=SC2016
  ours=(bash -c 'exec "$@" >"$0"' "$work/summary" "$bin/millrace" record --json --source x11:
    --fps 60 --device software --qp 24 --keyint 120 --duration "${seconds}s" --overwrite always
    -o "$work/ours.mkv")
  start_x_server "$size"
  start_moving_client "$client_size"
  say "desktop: $rounds rounds of $seconds s of $size"
  rm -f "$work/contest" "$work/frames"
  for round in $(seq $rounds); do desktop_round "$round"; done
  exec {client}>&-
  stop_x_server

  for name in x11grab x11grab-fast; do
    contest_row desktop "cpu-per-frame/$name" "$name" 7 us
    contest_row desktop "rss/$name" "$name" 5 MiB 1024
    row desktop "missing/$name" $((wanted - $(summed ours 3))) $((wanted - $(summed "$name" 3))) count
    row desktop "late/$name" "$(summed ours 4)" "$(summed "$name" 4)" count
    row desktop "bytes/$name" "$(summed ours 5)" "$(summed "$name" 5)" bytes
  done
}
