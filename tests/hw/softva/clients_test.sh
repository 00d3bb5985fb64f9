#!/bin/bash
# SPDX-License-Identifier: MIT
# Real clients on the software VA driver, on an X display without any DRM node: vainfo, and FFmpeg's
# h264_vaapi in each rate control, plain and with the driver's strict checks of packed headers.
# usage: clients_test.sh DRIVER_FOLDER
set -euo pipefail

driver_folder=$1
for tool in Xvfb vainfo ffmpeg ffprobe; do
  if ! command -v "$tool" > /dev/null; then
    echo "skipped: $tool is not installed"
    exit 77
  fi
done

work=$(mktemp -d)
server=
clean_up() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

# The server picks a free display number and writes it down.
Xvfb -displayfd 3 -screen 0 640x480x24 3> "$work/display" > "$work/xvfb.log" 2>&1 &
server=$!
for _ in $(seq 100); do
  [ -s "$work/display" ] && break
  sleep 0.1
done
[ -s "$work/display" ] || { echo "Xvfb did not start:"; cat "$work/xvfb.log"; exit 1; }

export DISPLAY=:$(cat "$work/display")
export LIBVA_DRIVERS_PATH=$driver_folder LIBVA_DRIVER_NAME=millrace
unset LIBVA_TRACE MILLRACE_VA_KNOBS XDG_RUNTIME_DIR
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

vainfo --display x11 -a > "$work/vainfo" 2>&1 || fail "vainfo --display x11 -a"
for line in 'Millrace software VA driver' 'VAProfileH264High/VAEntrypointEncSlice' \
  'VAProfileH264Main/VAEntrypointEncSlice' 'VAProfileH264ConstrainedBaseline/VAEntrypointEncSlice'; do
  grep -q "$line" "$work/vainfo" || { fail "vainfo does not show '$line'"; cat "$work/vainfo"; }
done

# encode NAME SIZE KNOBS OPTIONS...: 30 frames, decoded again; size, frame count and PSNR.
encode() {
  local name=$1 size=$2 knobs=$3 source file=$work/$1.mp4 shown psnr
  shift 3
  source="testsrc2=s=$size:r=30:d=1"
  if ! MILLRACE_VA_KNOBS=$knobs timeout 120 ffmpeg -hide_banner -loglevel error -nostdin -y \
    -init_hw_device vaapi=va:,connection_type=x11 -f lavfi -i "$source" \
    -vf format=nv12,hwupload -c:v h264_vaapi -g 12 "$@" "$file" 2> "$work/log"; then
    fail "$name: ffmpeg"
    cat "$work/log"
    return
  fi
  shown=$(ffprobe -v error -count_frames -of csv=p=0 \
    -show_entries stream=width,height,nb_read_frames "$file")
  [ "$shown" = "${size/x/,},30" ] || fail "$name: width, height and frames are $shown"
  psnr=$(ffmpeg -hide_banner -nostdin -xerror -i "$file" -f lavfi -i "$source" \
    -lavfi '[0:v][1:v]psnr' -f null - 2>&1 | sed -n 's/.*PSNR.*average:\([0-9]*\).*/\1/p')
  [ "${psnr:-0}" -ge 30 ] || fail "$name: PSNR is ${psnr:-none}"
  echo "$name: $shown, PSNR ${psnr:-none} dB"
}

encode cqp 322x182 '' -rc_mode CQP -qp 24
encode cbr 322x182 '' -rc_mode CBR -b:v 1M
encode vbr 322x182 '' -rc_mode VBR -b:v 800k -maxrate 1200k
encode large 1366x768 '' -rc_mode CQP -qp 28
encode put 322x182 derive=no -rc_mode CQP -qp 24
encode tiled 322x182 own-layout=tiled -rc_mode CQP -qp 24
encode coded-size 322x182 coded=288x64,height=96 -rc_mode CQP -qp 24
encode low-power 322x182 entrypoint=lp,rc=cqp -rc_mode CQP -qp 24
encode surface-sync 322x182 sync=unimplemented,ids=zero -rc_mode CQP -qp 24
encode pieces 322x182 segments=split -rc_mode VBR -b:v 800k
encode validated-cqp 322x182 validate=1 -rc_mode CQP -qp 24 -aud 1
encode validated-cbr 322x182 validate=1 -rc_mode CBR -b:v 1M
encode validated-main 322x182 validate=1 -rc_mode VBR -b:v 800k -profile:v main -coder cavlc

if MILLRACE_VA_KNOBS=no-such-knob=1 vainfo --display x11 > "$work/vainfo" 2>&1; then
  fail "an unknown knob is accepted"
fi
grep -q "no knob 'no-such-knob'" "$work/vainfo" || fail "the message does not name the unknown knob"

[ "$failures" = 0 ] || { echo "$failures failed"; exit 1; }
echo "all clients work"
