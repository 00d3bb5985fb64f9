# SPDX-License-Identifier: MIT
# Raw NV12 pictures in tmpfs into H.264 in Matroska, by five programs that all end in libx264 with
# the same options: ours by our VA driver, ffmpeg by the same driver and by libx264, GStreamer by
# libx264, and the floor, which calls libavcodec directly. README.md says why it is fair.
source tests/bench/x264.sh
source tests/bench/xvfb.sh

keyint=60

# A folder in memory with room for the pictures, in `scratch`, so that no disk is measured.
make_scratch() { # MIB
  local free
  free=$(df -Pm /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
  if [ "${free:-0}" -gt "$1" ]; then
    scratch=$(mktemp -d /dev/shm/millrace-bench.XXXXXX)
  else
    say "encode: /dev/shm has no $1 MiB free, so the disk is measured, too"
    scratch=$(mktemp -d "$work/pictures.XXXXXX")
  fi
}

# Bytes of the pools of frames that the plan speaks of: allocation times buffers of each memfd pool.
planned_bytes() { # RECORD-ARGUMENT...
  "$bin/millrace" graph "$@" 2>/dev/null | awk '
    /^pool / { heap = "" }
    $1 == "heap" { heap = $2 }
    $1 == "allocation" { gsub(",", "", $2); allocation = $2 }
    $1 == "buffers" && heap == "memfd:" { sum += allocation * $2 }
    END { print sum + 0 }'
}

pictures() { # FILE: a checksum of each decoded picture, one a line
  ffmpeg -nostdin -v error -i "$1" -map 0:v -f framemd5 - | awk '!/^#/ { print $NF }'
}

compare_pictures() { # NAME: how many pictures are bit for bit ours, and the bytes of the files
  local name=$1 same
  pictures "${out[$name]}" >"$work/pictures.$name"
  same=$(paste "$work/pictures.ours" "$work/pictures.$name" | awk '$1 == $2' | wc -l)
  row encode "same-pictures/$name" "$same" "$frames" count
  must "$name encodes the pictures that we encode" [ "$same" -eq "$frames" ]
  row encode "bytes/$name" "$(stat -c %s "${out[ours]}")" "$(stat -c %s "${out[$name]}")" bytes
}

# The contest, into $work/contest. Without packed headers FFmpeg has no parameter sets for Matroska's
# header, so what it makes on our driver is an MP4.
run_encoders() {
  local raw=(-f rawvideo -s "${width}x$height" -r 30 -pix_fmt nv12 -i "$in")
  local floor=("$in" $width $height $keyint "$threads")
  "$bin/contest" $rounds \
    ours "$bin/millrace" record --quiet "${ours[@]}" -- \
    floor "$bin/encode_raw_frames" read "${floor[@]}" "${out[floor]}" $x264_options -- \
    floor-mmap "$bin/encode_raw_frames" mmap "${floor[@]}" "${out[floor-mmap]}" $x264_options -- \
    ffmpeg ffmpeg -nostdin -v error "${raw[@]}" -c:v libx264 -preset veryfast -tune zerolatency \
    -g $keyint -threads "$threads" -x264-params $x264_options -y "${out[ffmpeg]}" -- \
    gst gst-launch-1.0 -q filesrc "location=$in" ! rawvideoparse width=$width height=$height \
    format=nv12 framerate=30/1 ! x264enc speed-preset=veryfast tune=zerolatency pass=quant \
    quantizer=24 key-int-max=$keyint "threads=$threads" option-string=$x264_options ! \
    matroskamux ! filesink "location=${out[gst]}" -- \
    ffmpeg-vaapi env LIBVA_DRIVERS_PATH="$lib/dri" LIBVA_DRIVER_NAME=millrace ffmpeg -nostdin \
    -v error -init_hw_device vaapi=va:,connection_type=x11 "${raw[@]}" -vf hwupload \
    -c:v h264_vaapi -rc_mode CQP -qp 24 -g $keyint -bf 0 -y "${out[ffmpeg-vaapi]}" >"$work/contest"
}

rows_of_times() {
  local name
  for name in "${peers[@]}"; do contest_row encode "cpu/$name" "$name" 4 ms; done
  for name in "${peers[@]}"; do contest_row encode "wall/$name" "$name" 3 ms; done
  for name in "${peers[@]}"; do contest_row encode "rss/$name" "$name" 5 MiB 1024; done
  row encode rss-over-floor "$(awk -F '\t' '
      $1 == "ours" && $5 > ours { ours = $5 }
      $1 == "floor" && $5 > floor { floor = $5 }
      END { printf "%.1f", (ours - floor) / 1024 }' "$work/contest")" 8 MiB
}

rows_of_counts() {
  local name
  # Every round has to have had the same pools: a single line, then.
  row encode pool-bytes "$(awk -F '\t' '$1 == "ours" { print $6 }' "$work/contest" | sort -u)" \
    "$(planned_bytes "${ours[@]}")" bytes | tee "$work/pools"
  must "the pools are as large as planned" awk -F '\t' '$3 != $4 || $3 == 0 { wrong = 1 } END { exit wrong || NR != 1 }' "$work/pools"
  pictures "${out[ours]}" >"$work/pictures.ours"
  row encode pictures "$(wc -l <"$work/pictures.ours")" "$frames" count
  must "every picture is in our file" [ "$(wc -l <"$work/pictures.ours")" -eq "$frames" ]
  for name in "${peers[@]}"; do compare_pictures "$name"; done
}

encode() {
  local width=1920 height=1080 frames=300 rounds=9 in threads name
  local peers=(floor floor-mmap ffmpeg gst ffmpeg-vaapi)
  local -A out
  if [ -n "$quick" ]; then width=640 height=360 frames=60 rounds=1; fi
  needs gst-launch-1.0 gstreamer1.0-tools
  make_scratch $((width * height * frames * 3 / 2 / 1000000 * 6 / 5 + 16))
  for name in ours "${peers[@]}"; do out[$name]=$scratch/$name.mkv; done
  out[ffmpeg-vaapi]=$scratch/ffmpeg-vaapi.mp4
  in=$scratch/in.nv12
  local ours=(--source "file:$in" --size "${width}x$height" --device software --qp 24
    --keyint $keyint --overwrite always -o "${out[ours]}")
  threads=$(slice_threads $height)

  say "encode: $rounds rounds of $frames pictures of ${width}x$height"
  ffmpeg -nostdin -v error -f lavfi -i "testsrc2=s=${width}x$height:r=30" -frames:v $frames \
    -pix_fmt nv12 -f rawvideo -y "$in"
  start_x_server 64x64
  run_encoders
  stop_x_server
  rows_of_times
  rows_of_counts
  rm -rf "$scratch"
  scratch=''
}
