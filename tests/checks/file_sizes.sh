#!/bin/bash
# SPDX-License-Identifier: MIT
# One idea a file: a header of more than 200 lines or a source of more than 400 holds several.
# The house style asks for 120 and 300; between the two it is a matter for review, not for a build.
set -euo pipefail
cd "$(dirname "$0")/../.."

find engine hw app tests -name '*.h' -o -name '*.cpp' | sort | xargs wc -l | awk '
  $2 == "total" { next }
  { limit = ($2 ~ /\.h$/) ? 200 : 400 }
  $1 > limit { printf "%s has %d lines, the limit is %d: split it\n", $2, $1, limit; broken = 1 }
  END { exit broken }'
