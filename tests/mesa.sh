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
# shellcheck disable=SC1091
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")-backports
apt_root=$cache/apt-$suite

unavailable() {
  echo "mesa.sh: $1" >&2
  exit 77
}

# The machine's own source of the main archive, whatever form it is written in.
archive() {
  apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v want="${suite%-backports}" '$1 == want && $2 == "main" { print $3; exit }'
}

# apt with this machine's proxies and keys, and with lists, cache and sources of its own.
private_apt() {
  local tool=$1
  shift
  "$tool" -qq -o APT::Sandbox::User=root -o Debug::NoLocking=1 -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::sourcelist="$apt_root/sources.list" -o Dir::State::Lists="$apt_root/lists" \
    -o Dir::Cache="$apt_root/cache" "$@"
}

write_sources() {
  local uri keyring=/usr/share/keyrings/debian-archive-keyring.gpg options=""
  uri=$(archive)
  [ -n "$uri" ] || unavailable "apt on this machine names no Debian archive for ${suite%-backports}"
  [ ! -e "$keyring" ] || options="[signed-by=$keyring] "
  mkdir -p "$apt_root/lists/partial" "$apt_root/cache/archives/partial"
  echo "deb $options$uri $suite main" >"$apt_root/sources.list"
}

newest_unpacked() { find "$cache" -maxdepth 1 -type d -name 'mesa-[0-9]*' | sort -V | tail -n 1; }

# Unpacks VERSION beside its final place and renames it, so that a torn download is never used.
unpack() {
  local version=$1 work
  work=$(mktemp -d "$cache/unpack.XXXXXX")
  (cd "$work" && private_apt apt-get download "$package=$version") || {
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
    write_sources
    private_apt apt-get update >&2 || unavailable "$suite cannot be read from this machine's package source"
    version=$(private_apt apt-cache policy "$package" | awk '/Candidate:/ { print $2 }')
    [ -n "$version" ] && [ "$version" != "(none)" ] || unavailable "$suite has no $package"
    unpack "$version"
    have=$cache/mesa-$version
  fi
  choose "$have"
}

main
