#!/bin/bash
# SPDX-License-Identifier: MIT
# clang-tidy over the given sources, or over all that differ from the branch's base; `--all`: all.
# Usage: tests/checks/tidy.sh [--all | FILE…]        (needs build/dev/compile_commands.json)
set -euo pipefail
cd "$(dirname "$0")/../.."
build=build/dev

sources() {
  case "${1:-}" in
    --all) find engine hw app -name '*.cpp' | sort ;;
    "") { git diff --name-only HEAD -- '*.cpp'; git diff --name-only HEAD~1 -- '*.cpp'; } 2>/dev/null |
      grep -E '^(engine|hw|app)/' | sort -u | while read -r file; do [ ! -e "$file" ] || echo "$file"; done ;;
    *) printf '%s\n' "$@" ;;
  esac
}

command -v clang-tidy-14 >/dev/null || { echo "SKIPPED: clang-tidy-14 is not installed"; exit 77; }
[ -s $build/compile_commands.json ] ||
  { echo "error: $build/compile_commands.json is missing; run: cmake --preset dev" >&2; exit 2; }
sources "$@" | xargs -r -P "$(nproc)" -n 4 clang-tidy-14 -p $build --quiet --extra-arg=-Wno-unknown-warning-option
