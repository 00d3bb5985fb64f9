#!/bin/bash
# SPDX-License-Identifier: MIT
# A shell in the guest of the lab, as root: cameras, a desktop's KMS device and dma-bufs, with the
# programs of a build tree of this machine in PATH.
# Usage: tests/lab/shell.sh [--build FOLDER]       (build/dev; its lab/shell is /share in the guest)
# 'exit' switches the guest off; Ctrl-A X ends QEMU at once.
set -euo pipefail
# shellcheck source=tests/lab/boot.sh
. "$(dirname "$0")/boot.sh"

case $# in
  0) ;;
  2) [ "$1" = --build ] || lab_misused "unknown option $1; usage: tests/lab/shell.sh [--build FOLDER]"; lab_build=$2 ;;
  *) lab_misused "usage: tests/lab/shell.sh [--build FOLDER]" ;;
esac
find_build
[ -t 0 ] || lab_misused "a shell needs a terminal; tests/lab/run.sh -- COMMAND… does not"
# shellcheck disable=SC2119
find_parts
share=$lab_build/lab/shell
mkdir -p "$share"
read -r rows columns < <(stty size)
[ "$rows" -gt 0 ] || { rows=24 columns=80; }
write_start "$share/start.sh" "$lab/guest/shell.sh" "$rows" "$columns" "$PWD"
lab_words=quiet
qemu "$share" -serial mon:stdio
