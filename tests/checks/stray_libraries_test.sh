#!/bin/bash
# SPDX-License-Identifier: MIT
# A program must not take libraries from the folder in which it is started: it runs in one that
# holds an empty file by the name of each library that it needs.
# usage: stray_libraries_test.sh PROGRAM
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
needed=$(ldd "$1" | awk '$2 == "=>" { print $1 }')
[ -n "$needed" ] || { echo "FAILED: ldd names no library of $1"; exit 1; }
for library in $needed; do : >"$folder/$library"; done
cd "$folder"
"$1" --version
