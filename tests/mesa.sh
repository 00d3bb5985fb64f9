#!/bin/bash
# SPDX-License-Identifier: MIT
# A newer lavapipe (Vulkan on the CPU) for tests, without touching the system's Mesa: bookworm's own
# cannot import dma-bufs. Fetches mesa-vulkan-drivers of the release's backports suite with private
# apt folders, unpacks it below the user's cache folder and prints the one line that chooses it:
#   VK_DRIVER_FILES=/…/lvp_icd.json
# Usage: eval "export $(tests/mesa.sh)"
# Exit status 77 when this machine's package source has no backports; the reason is on stderr.
set -euo pipefail

package=mesa-vulkan-drivers
cache=${XDG_CACHE_HOME:-$HOME/.cache}/millrace
# shellcheck source=tests/backports.sh
. "$(dirname "$0")/backports.sh"

unavailable() {
  echo "mesa.sh: $1" >&2
  exit 77
}

newest_unpacked() { find "$cache" -maxdepth 1 -type d -name 'mesa-[0-9]*' | sort -V | tail -n 1; }

# Unpacks VERSION beside its final place and renames it, so that a torn download is never used.
unpack() {
  local version=$1 work
  work=$(mktemp -d "$cache/unpack.XXXXXX")
  (cd "$work" && backports_apt apt-get download "$package=$version") || {
    rm -rf "$work"
    unavailable "$package $version cannot be downloaded"
  }
  dpkg-deb -x "$work"/*.deb "$work/root"
  write_driver_file "$work/root" "$cache/mesa-$version"
  mv "$work/root" "$cache/mesa-$version"
  rm -rf "$work"
}

# The packaged file names the library by its bare name, which finds the system's.
write_driver_file() {
  local from=$1 final=$2 library
  library=$(cd "$from" && find usr/lib -name libvulkan_lvp.so)
  [ -n "$library" ] || unavailable "$package has no lavapipe for $(dpkg --print-architecture)"
  cat >"$from/lvp_icd.json" <<END
{"file_format_version": "1.0.0", "ICD": {"library_path": "$final/$library", "api_version": "1.3.0"}}
END
}

choose() {
  local missing
  missing=$(ldd "$(find "$1/usr/lib" -name libvulkan_lvp.so)" | awk '/not found/ { print $1 }')
  [ -z "$missing" ] || unavailable "lavapipe needs libraries that are not installed: $missing (see tests/packages.txt)"
  echo "VK_DRIVER_FILES=$1/lvp_icd.json"
}

main() {
  local version have
  mkdir -p "$cache"
  have=$(newest_unpacked)
  if [ -z "$have" ]; then
    read_backports || unavailable "$backports_error"
    version=$(backports_apt apt-cache policy "$package" | awk '/Candidate:/ { print $2 }')
    [ -n "$version" ] && [ "$version" != "(none)" ] || unavailable "$backports_suite has no $package"
    unpack "$version"
    have=$cache/mesa-$version
  fi
  choose "$have"
}

main
