#!/bin/bash
# SPDX-License-Identifier: MIT
# From a bare Debian 12 machine to a first recording: installs what is missing, builds, records.
# Usage: app/quickstart.sh        (as root, or as a user who may use sudo; run it again at any time)
set -euo pipefail

cd "$(dirname "$0")/.."
build=build/release
recording=$PWD/build/first-recording.mkv
steps=3

step() { printf '\n[%s/%s] %s\n' "$1" "$steps" "$2"; }

fail() {
  printf '\nerror: %s\n' "$1" >&2
  exit 1
}

# Runs a noisy command: seen on a terminal, kept in a log elsewhere, shown when it fails.
quietly() {
  local log=$1
  shift
  if [ -t 1 ]; then
    "$@"
  elif ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    return 1
  fi
}

step 1 "Debian packages"
app/install_packages.sh app/packages.txt || fail "the packages are not complete; see above."
echo "all there"

step 2 "build (a few minutes the first time)"
mkdir -p build
quietly build/quickstart-configure.log cmake --preset release ||
  fail "CMake could not configure $build. If the folder came from another machine, remove it and run this again."
quietly build/quickstart-build.log cmake --build --preset release ||
  fail "the build stopped; the first error is above. Report it with the output of: c++ --version"
echo "built $build/bin/millrace"

step 3 "record five seconds of the test picture"
rm -f "$recording"
"$build/bin/millrace" record --source test:bars --duration 5s --output "$recording" ||
  fail "the recording failed (exit $?). '$build/bin/millrace probe' says what this machine lacks."
[ -s "$recording" ] || fail "the recorder said that it succeeded, but $recording is empty. Please report this."

cat <<END

The recording: $recording
Play it with any player (mpv, VLC, a browser).

What to try next:
  $build/bin/millrace probe                       what works on this machine, and what is missing
  $build/bin/millrace record -s file:CLIP -o out.mp4    re-encode a media file
  $build/bin/millrace graph                       the way of a frame, with a reason for every number
  $build/bin/millrace record --help               all options
END
