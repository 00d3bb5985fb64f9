#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs the Debian packages that the given lists name and this machine lacks, and no others.
# Usage: app/install_packages.sh LIST...     (as root, or as a user who may use sudo)
# A LIST is a file with a package a line, such as app/packages.txt; what follows a # is not read.
set -euo pipefail

fail() {
  echo "error: $1" >&2
  exit 1
}

wanted() { sed 's/#.*//' "$@" | tr -s ' \t' '\n' | sed '/^$/d' | sort -u; }

installed() { dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' 2>/dev/null | sed -n 's/^ii  *//p' | sort -u; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" >>"$log" 2>&1; }

for argument in "$@"; do
  case $argument in
    -h | --help) sed -n 's/^# \{0,1\}//; 3,5p' "$0"; exit 0 ;;
    -*) fail "unknown option $argument; $0 --help says how it is used" ;;
    *) [ -r "$argument" ] || fail "there is no list of packages $argument; $0 --help says how it is used" ;;
  esac
done
[ $# -gt 0 ] || fail "name at least one list of packages: $0 app/packages.txt"
command -v apt-get >/dev/null && command -v dpkg-query >/dev/null ||
  fail "this is not a Debian system (no apt-get). Install what $* name with your own package manager, then build with: cmake --workflow --preset release"

missing=$(comm -23 <(wanted "$@") <(installed))
[ -n "$missing" ] || exit 0

count=$(wc -w <<<"$missing")
[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
  fail "$count packages are missing and only root can install them. As root, run: apt-get install --no-install-recommends $(tr '\n' ' ' <<<"$missing")"

log=$(mktemp "${TMPDIR:-/tmp}/millrace-packages.XXXXXX")
echo "installing $count Debian packages: $(tr '\n' ' ' <<<"$missing")"
if ! apt update; then
  tail -n 15 "$log" >&2
  fail "apt-get update did not succeed. Check the network and /etc/apt (whole log: $log), then run this again"
fi
# shellcheck disable=SC2086
if ! apt install --yes --no-install-recommends $missing; then
  tail -n 15 "$log" >&2
  fail "apt-get install did not succeed (whole log: $log). Repair what it names (often: dpkg --configure -a), then run this again"
fi
rm -f "$log"
