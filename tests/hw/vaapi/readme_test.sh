#!/bin/sh
# SPDX-License-Identifier: MIT
# Every test that hw/README.md names as a proof exists.
# usage: readme_test.sh README FOLDER...
set -eu
readme=$1
shift
missing=0
for name in $(grep -oE '`[A-Z][A-Za-z]*\.([a-z0-9]+_[a-z_0-9]*|\*)`' "$readme" | tr -d '`' | sort -u); do
  suite=${name%%.*}
  case=${name#*.}
  [ "$case" = '*' ] && case='[a-z]'
  # The macro may be broken over two lines.
  if ! for folder; do cat "$folder"/*_test.cpp; done | tr -d '\n' | grep -q "($suite, *$case"; then
    echo "hw/README.md names $name, which is no test in $*" >&2
    missing=1
  fi
done
exit $missing
