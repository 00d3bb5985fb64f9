#!/bin/bash
# SPDX-License-Identifier: MIT
# One direction of knowledge: app sees hw and engine, hw/X sees engine and hw/{drm,dmabuf}, the
# engine sees std and POSIX. The software VA driver lives in other programs' processes, so it sees
# nothing of ours but headers of engine/base.
set -euo pipefail
cd "$(dirname "$0")/../.."

broken=0

includes() { # FOLDER FILE-PATTERN...: "file:line:#include …" of every matching file below FOLDER
  local folder=$1
  shift
  [ -d "$folder" ] || return 0
  grep -rnE "${@/#/--include=}" '^ *# *include' "$folder" || true
}

# complain RULE: the includes on stdin break it, if there are any.
complain() {
  local found
  found=$(cat)
  [ -n "$found" ] || return 0
  printf '%s:\n%s\n' "$1" "$found"
  broken=1
}

# forbid RULE FOLDER PATTERN [FILES]: nothing below FOLDER includes a path that matches.
forbid() {
  complain "$1" < <(includes "$2" "${4:-*.[hc]*}" | grep -E "include *[<\"]($3)")
}

# allow RULE FOLDER PATTERN: below FOLDER, the project's own includes all match.
allow() {
  complain "$1" < <(includes "$2" '*.[hc]*' | grep 'include *"' | grep -vE "include *\"($3)")
}

devices='va/|vulkan/|libav|libsw|libyuv|linux/videodev2|xf86drm|drm_|libdrm/|drm/|xcb/|X11/|GLFW/|imgui|CLI/|toml\+\+'
forbid "the engine knows no device and no front end" engine "$devices"
allow "the engine includes only the engine" engine 'engine/'
forbid "a header of the engine names no third-party library but tl/expected" engine \
  'fmt/|spdlog/|nlohmann/' '*.h'
below=''
for folder in base format observe memory graph stages run testing; do
  below+="engine/$folder/|"
  allow "engine/$folder sees only ${below//|/ }" "engine/$folder" "${below%|}"
done
allow "hw/softva sees itself and engine/base" hw/softva 'hw/softva/|engine/base/'

for folder in hw/*/; do
  api=$(basename "$folder")
  [ "$api" = softva ] || allow "hw/$api sees itself, the engine, hw/dmabuf and hw/drm" "hw/$api" \
    "hw/$api/|engine/|hw/dmabuf/|hw/drm/"
done

exit $broken
