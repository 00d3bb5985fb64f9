#!/bin/bash
# SPDX-License-Identifier: MIT
# The quick start on a Debian 12 that has nothing: a fresh minbase root with a clean clone of the
# tree in it and none of the packages of the tests. What it recorded must play on this machine.
# Usage: tests/clean_room.sh          (as root)
# Kept between runs, below the user's cache folder: the bare root as a tarball and the packages that
# apt fetched. Exit status 77: cannot be done here, and why.
set -euo pipefail
cd "$(dirname "$0")/.."

cache=${XDG_CACHE_HOME:-$HOME/.cache}/millrace/clean-room
room=""
mounts=()

fail() {
  echo "clean room: $1" >&2
  exit 1
}

skip() {
  echo "SKIPPED: clean room: $1"
  exit 77
}

leave() {
  local i
  for ((i = ${#mounts[@]} - 1; i >= 0; i--)); do umount "${mounts[i]}" || umount -l "${mounts[i]}"; done
  # Never delete through a mount that could not be undone.
  [ -z "$room" ] || grep -q " $room/" /proc/mounts || rm -rf --one-file-system "$room"
}
trap leave EXIT

# The address of the main archive, from the machine's own sources.
archive() {
  apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "bookworm" && $2 == "main" { print $3; exit }'
}

# The bare root; made once, then unpacked.
base_tarball() {
  local tarball=$cache/bookworm-$(dpkg --print-architecture).tar work
  if [ ! -s "$tarball" ]; then
    echo "debootstrap: a bare Debian 12"
    work=$(mktemp -d "$cache/base.XXXXXX")
    debootstrap --variant=minbase bookworm "$work/root" "$1" >"$cache/debootstrap.log" 2>&1 ||
      { tail -n 5 "$cache/debootstrap.log" >&2; rm -rf "$work"; fail "debootstrap failed (log: $cache/debootstrap.log)"; }
    rm -f "$work"/root/var/cache/apt/archives/*.deb
    tar -C "$work/root" -cf "$work/tar" .
    mv "$work/tar" "$tarball"
    rm -rf "$work"
  fi
  base=$tarball
}

# The room reaches its packages as this machine does: same sources, keys, proxies and names.
furnish() {
  local file
  rm -rf "$room"/etc/apt/sources.list "$room"/etc/apt/sources.list.d
  for file in sources.list sources.list.d apt.conf apt.conf.d trusted.gpg.d auth.conf.d; do
    [ ! -e "/etc/apt/$file" ] || cp -a "/etc/apt/$file" "$room/etc/apt/"
  done
  mkdir -p "$room/usr/share/keyrings"
  cp -a /usr/share/keyrings/. "$room/usr/share/keyrings/"
  cp -L /etc/resolv.conf /etc/hosts "$room/etc/"
  # Packages fetched in an earlier run; apt cleans what is left of them by its own rules.
  rm -f "$room/etc/apt/apt.conf.d/docker-clean"
  echo 'Binary::apt-get::APT::Keep-Downloaded-Packages "true"; APT::Keep-Downloaded-Packages "true";' \
    >"$room/etc/apt/apt.conf.d/zz-keep"
}

bring_in() { # FOLDER PLACE: the same folder inside the room, by mount or, where forbidden, by copy
  mkdir -p "$1" "$room$2"
  if mount --bind "$1" "$room$2" 2>/dev/null; then
    mounts+=("$room$2")
  else
    cp -a "$1/." "$room$2/"
  fi
}

devices() {
  if mount -t proc proc "$room/proc" 2>/dev/null; then mounts+=("$room/proc"); fi
  [ -c "$room/dev/null" ] || mknod -m 666 "$room/dev/null" c 1 3
  [ -c "$room/dev/urandom" ] || mknod -m 666 "$room/dev/urandom" c 1 9
  mkdir -p "$room/dev/shm"
}

clone() {
  mkdir -p "$room/opt/millrace"
  if [ -e .git ]; then
    git -c safe.directory="$PWD" archive HEAD
  else
    tar -c --exclude=./build --exclude=./.cache .
  fi | tar -x -C "$room/opt/millrace"
}

quick_start() {
  chroot "$room" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=dumb \
    /opt/millrace/app/quickstart.sh
}

# The quick start's build is the only one with a release's flags.
built_without_warning() {
  local log=$room/opt/millrace/build/quickstart-build.log
  ! grep -n -m 5 'warning:' "$log" || fail "the release build has warnings"
}

entry() { sed -n "s/^$1=//p" <<<"$2" | head -n 1; }

plays() {
  local recording=$1 facts frames seconds
  facts=$(ffprobe -v error -count_frames -select_streams v:0 -show_entries \
    stream=codec_name,width,height,nb_read_frames:format=duration -of default=nw=1 "$recording") ||
    fail "ffprobe cannot read $recording"
  frames=$(entry nb_read_frames "$facts") seconds=$(entry duration "$facts")
  echo "recorded: $(tr '\n' ' ' <<<"$facts")"
  [ "$(entry codec_name "$facts")" = h264 ] || fail "the recording is not H.264"
  [ "$frames" = 150 ] || fail "the recording has $frames frames, not 150 (5 s of 30 a second)"
  awk -v s="$seconds" 'BEGIN { exit !(s > 4.9 && s < 5.1) }' || fail "the recording lasts $seconds s, not 5"
  ffmpeg -v error -xerror -i "$recording" -f null - || fail "the recording does not decode cleanly"
}

[ "$(id -u)" -eq 0 ] || skip "chroot needs root"
command -v debootstrap >/dev/null || skip "debootstrap is not installed"
address=$(archive)
[ -n "$address" ] || skip "apt on this machine names no Debian 12 archive"

mkdir -p "$cache"
base_tarball "$address"
room=$(mktemp -d "${TMPDIR:-/tmp}/millrace-room.XXXXXX")
tar -C "$room" -xf "$base"
furnish
devices
bring_in "$cache/archives" /var/cache/apt/archives
mkdir -p "$cache/archives/partial"
clone
packages_before=$(chroot "$room" dpkg-query -W | wc -l)
quick_start || fail "app/quickstart.sh ended with $? on a bare Debian 12"
built_without_warning
echo "$packages_before packages before, $(chroot "$room" dpkg-query -W | wc -l) after"
plays "$room/opt/millrace/build/first-recording.mkv"
echo "second run:"
quick_start >/dev/null || fail "app/quickstart.sh fails when it is run again"
plays "$room/opt/millrace/build/first-recording.mkv"
