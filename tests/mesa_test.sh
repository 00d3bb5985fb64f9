#!/bin/bash
# SPDX-License-Identifier: MIT
# The cached Mesa loads, is the one that is chosen, can import dma-bufs, and the system's own is
# as it was.
set -euo pipefail
cd "$(dirname "$0")"

installed_mesa() {
  dpkg-query -W -f='${Package} ${Version} ${db:Status-Abbrev}\n' '*mesa*' 'libdrm*' 2>/dev/null || true
  { find /usr/share/vulkan /etc/vulkan /etc/apt -type f -exec md5sum {} + 2>/dev/null || true; } | sort
}

fail() {
  echo "FAILED: $1"
  exit 1
}

command -v vulkaninfo >/dev/null || { echo "SKIPPED: vulkaninfo is missing (package vulkan-tools)"; exit 77; }

before=$(installed_mesa)
status=0
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
chosen=$(./mesa.sh 2>"$errors") || status=$?
reason=$(cat "$errors")
[ $status -ne 77 ] || { echo "SKIPPED: $reason"; exit 77; }
[ $status -eq 0 ] || fail "mesa.sh ended with $status: $reason"
[ "$before" = "$(installed_mesa)" ] || fail "the system's Mesa, its drivers' list or apt's sources changed"

export "${chosen?}"
report=$(env -u DISPLAY -u WAYLAND_DISPLAY vulkaninfo 2>&1) || fail "vulkaninfo: $report"
library=$(sed -n 's/.*"library_path": "\([^"]*\)".*/\1/p' "$VK_DRIVER_FILES")
[ -e "$library" ] || fail "$VK_DRIVER_FILES names $library, which does not exist"
grep -q 'deviceName *= llvmpipe' <<<"$report" || fail "no llvmpipe device"
grep -q 'VK_EXT_external_memory_dma_buf' <<<"$report" || fail "it cannot import dma-bufs"
version=$(basename "$(dirname "$VK_DRIVER_FILES")")
grep -q "driverInfo *= Mesa $(sed -E 's/^mesa-([0-9.]+).*/\1/' <<<"$version")" <<<"$report" ||
  fail "another Mesa was loaded: $(grep driverInfo <<<"$report")"
echo "$version loads from $library"
