#!/bin/bash
# SPDX-License-Identifier: MIT
# Every source, script and CMake file names its licence at its top (a script below its #! line).
set -euo pipefail
cd "$(dirname "$0")/../.."

broken=0
while IFS= read -r file; do
  head -n 2 "$file" | grep -q 'SPDX-License-Identifier: MIT$' && continue
  echo "$file does not say 'SPDX-License-Identifier: MIT' in its first line"
  broken=1
done < <(find .ci app engine hw tests shaders -type f \
  \( -name '*.h' -o -name '*.cpp' -o -name '*.c' -o -name '*.sh' -o -name '*.cmake' -o -name CMakeLists.txt -o -path '.ci/run' \) \
  2>/dev/null | sort)
exit $broken
