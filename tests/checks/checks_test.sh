#!/bin/bash
# SPDX-License-Identifier: MIT
# A check that cannot fail is no check: each one is run on a small tree, first clean, then with one
# offence, and must tell the two apart.
set -euo pipefail
checks=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

clean_tree() {
  rm -rf "${tree:?}"/*
  mkdir -p "$tree"/{app,engine/base,engine/memory,hw/vaapi,hw/softva,hw/dmabuf,tests/checks,tests/engine}
  cp "$checks"/{layering,file_sizes,spdx,words,format,cases}.sh "$tree/tests/checks/"
  cp "$checks/../../.clang-format" "$tree/"
  source_file engine/base/a.h '#include <vector>'
  source_file tests/engine/a_test.cpp 'TEST(A, case_007_is_tested) {}'
  cases '| 7 | about | `A.case_007_is_tested` |'
  source_file hw/vaapi/encoder.cpp '#include <va/va.h>' '' '#include "engine/base/a.h"' '#include "hw/dmabuf/b.h"'
}

source_file() {
  local file=$tree/$1
  shift
  printf '%s\n' '// SPDX-License-Identifier: MIT' "$@" >"$file"
}

cases() {
  printf '%s\n' '## Reference cases' '' '| case | about | test |' '|---|---|---|' "$@" >"$tree/engine/README.md"
}

check() { "$tree/tests/checks/$1.sh" >/dev/null 2>&1; }

# finds CHECK OFFENCE COMMAND...: after COMMAND the check must fail, before it must pass.
finds() {
  local name=$1 offence=$2
  shift 2
  clean_tree
  check "$name" || { echo "FAILED: $name complains about a clean tree"; failed=1; return 0; }
  "$@"
  ! check "$name" || { echo "FAILED: $name does not notice $offence"; failed=1; return 0; }
  echo "$name notices $offence"
}

long_file() { seq 1 "$2" | sed 's,^,// line ,' >"$tree/$1"; }

unlicensed() { echo 'int a;' >"$tree/$1"; }

finds layering "a device header in the engine" source_file engine/memory/x.cpp '#include <va/va.h>'
finds layering "a folder of the engine in one below it" source_file engine/base/x.h '#include "engine/memory/a.h"'
finds layering "hw in the engine" source_file engine/memory/x.h '#include "hw/vaapi/a.h"'
finds layering "fmt in a header of the engine" source_file engine/memory/x.h '#include <fmt/core.h>'
finds layering "app in hw" source_file hw/vaapi/x.h '#include "app/options.h"'
finds layering "one device API in another" source_file hw/dmabuf/x.cpp '#include "hw/vaapi/a.h"'
finds layering "the engine's memory in the VA driver" source_file hw/softva/x.cpp '#include "engine/memory/a.h"'
finds file_sizes "a header of 201 lines" long_file engine/base/x.h 201
finds file_sizes "a source of 401 lines" long_file engine/base/x.cpp 401
finds spdx "a source without a licence" unlicensed app/x.cpp
finds spdx "a script without a licence" unlicensed tests/x.sh
note="TO""DO"
finds words "a note to oneself" source_file app/x.cpp "// $note: later"
finds words "a path of one machine" source_file app/x.cpp "// see /ho""me/somebody/notes"
finds words "the tree's own place" source_file app/x.cpp "// built in $tree/build"
seven='| 7 | about | `A.case_007_is_tested` |'
finds cases "a case without a row" source_file tests/engine/b_test.cpp 'TEST_F(B,' 'case_008_is_not_named) {}'
finds cases "a row without its test" cases "$seven" '| 8 | gone | `A.case_008_is_gone` |'
finds cases "a row with another number" cases '| 8 | about | `A.case_007_is_tested` |'
finds cases "a row with half a name" cases "$seven" '| 9 | more | `..._and_more` |'
command -v clang-format-14 >/dev/null &&
  finds format "a source that is not formatted" source_file app/x.cpp 'int   a ;'
exit $failed
