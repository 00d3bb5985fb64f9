#!/bin/bash
# SPDX-License-Identifier: MIT
# The kernel of the lab: Debian's own of the backports suite (bookworm's lacks half of the devices),
# unpacked below the user's cache folder and never installed. Prints its folder, in which lie
# boot/vmlinuz-RELEASE and lib/modules/RELEASE.
# Usage: tests/lab/fetch.sh [--cached]
#   --cached   fetches nothing: what is there, or why an earlier run could not fetch it
# MILLRACE_LAB_CACHE names another folder than ~/.cache/millrace/lab. To get a newer kernel, delete it.
# Exit status 77 when there is no kernel to be had here; the reason is on stderr.
set -euo pipefail

cache=${MILLRACE_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/millrace/lab}
reason=$cache/unavailable
work=""
# shellcheck source=tests/backports.sh
. "$(dirname "$0")/../backports.sh"

unavailable() {
  echo "$1" >"$reason"
  echo "SKIPPED: the lab's kernel: $1" >&2
  exit 77
}

fail() {
  echo "error: the lab's kernel: $1" >&2
  exit 1
}

leave() { [ -z "$work" ] || rm -rf "$work"; }

newest() { find "$cache" -maxdepth 1 -type d -name 'kernel-[0-9]*' | sort -V | tail -n 1; }

# The meta package only names the package that holds the kernel.
package() {
  backports_apt apt-cache depends linux-image-amd64 |
    awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ { print $2; exit }'
}

# A package that is not what the archive signed is no reason to skip.
refuse_tampered() {
  ! grep -qiE 'hash sum mismatch|cannot be authenticated|signature|NO_PUBKEY' <<<"$1" ||
    fail "apt does not trust what it fetched: $1"
}

# Unpacked beside its final place and renamed, so that a torn download is never used.
fetch() {
  local name said
  [ "$(dpkg --print-architecture)" = amd64 ] || unavailable "it is one for amd64, this machine is not"
  read_backports || { refuse_tampered "$backports_error"; unavailable "$backports_error"; }
  name=$(package)
  [ -n "$name" ] || unavailable "$backports_suite has no linux-image-amd64"
  echo "fetching $name of $backports_suite into $cache" >&2
  work=$(mktemp -d "$cache/unpack.XXXXXX")
  trap leave EXIT
  if ! said=$(cd "$work" && backports_apt apt-get download "$name" 2>&1); then
    refuse_tampered "$said"
    unavailable "$name cannot be downloaded: ${said//$'\n'/; }"
  fi
  dpkg-deb -x "$work"/*.deb "$work/root" || fail "$name cannot be unpacked below $cache; is the disk full?"
  depmod -b "$work/root" "${name#linux-image-}" || fail "depmod failed on $name"
  mv "$work/root" "$cache/kernel-${name#linux-image-}"
}

main() {
  local have
  mkdir -p "$cache"
  have=$(newest)
  if [ -z "$have" ] && [ "${1:-}" = --cached ]; then
    unavailable "$(cat "$reason" 2>/dev/null || echo "it was not fetched yet; tests/lab/fetch.sh does it")"
  fi
  if [ -z "$have" ]; then
    command -v depmod >/dev/null || unavailable "depmod is not installed (package kmod, see tests/packages.txt)"
    exec {lock}>"$cache/lock"
    flock "$lock"
    rm -f "$reason"
    have=$(newest)
    [ -n "$have" ] || fetch
    have=$(newest)
  fi
  echo "$have"
}

case ${1:-} in
  "" | --cached) main "$@" ;;
  *) echo "error: unknown option $1; usage: tests/lab/fetch.sh [--cached]" >&2; exit 2 ;;
esac
