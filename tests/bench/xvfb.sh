# SPDX-License-Identifier: MIT

# An X server without a DRM node, in DISPLAY from here on; it picks its number and writes it down.
start_x_server() { # SIZE
  needs Xvfb xvfb
  Xvfb -displayfd 3 -screen 0 "$1x24" 3>"$work/display" >"$work/xvfb.log" 2>&1 &
  server=$!
  for _ in $(seq 100); do
    [ -s "$work/display" ] && break
    sleep 0.1
  done
  [ -s "$work/display" ] || fail "Xvfb did not start: $(cat "$work/xvfb.log")"
  DISPLAY=:$(cat "$work/display")
  export DISPLAY
}

stop_x_server() {
  kill "$server"
  wait "$server" || true
  server=''
}
