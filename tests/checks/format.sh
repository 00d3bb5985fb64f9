#!/bin/bash
# SPDX-License-Identifier: MIT
# Every source is formatted as .clang-format says. `format.sh --fix` rewrites those that are not.
set -euo pipefail
cd "$(dirname "$0")/../.."

command -v clang-format-14 >/dev/null || {
  echo "SKIPPED: clang-format-14 is not installed (package clang-format-14)"
  exit 77
}
mode=(--dry-run -Werror)
[ "${1:-}" != --fix ] || mode=(-i)
find engine hw app tests -name '*.h' -o -name '*.cpp' | sort | xargs clang-format-14 --style=file "${mode[@]}"
