// SPDX-License-Identifier: MIT
// Container: the file formats that recordings are written in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/export.h"
#include "engine/base/result.h"

namespace millrace::avformat {

enum class Container : uint8_t {
  automatic,  ///< by the extension of the path; ".mp4" is fragmented
  mkv,        ///< Matroska: playable at every moment of its growth
  mp4,        ///< plain MP4: playable only once it is finalised; needs a seekable output
  fmp4,       ///< MP4 in fragments of 500 ms: playable up to the last whole one
  h264,       ///< the bare Annex B byte stream, without any times
};

[[nodiscard]] MILLRACE_API std::string_view to_string(Container container);

/// As users type it: auto, mkv, mp4, fmp4, h264.
[[nodiscard]] MILLRACE_API std::optional<Container> container_named(std::string_view name);

/// stdout: the output's name that means no file.
inline constexpr std::string_view stdout_path = "-";

/// `asked`, or for `automatic` what the extension of `path` says; without a known one stdout, pipes
/// and devices get Matroska, which can be read while it is written. Errors: `usage` for a file with
/// an extension that nobody knows.
[[nodiscard]] MILLRACE_API Result<Container> resolve_container(Container asked,
                                                               std::string_view path);

}  // namespace millrace::avformat
