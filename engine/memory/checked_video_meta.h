// SPDX-License-Identifier: MIT
// CheckedVideoMeta: a VideoMeta that was looked through once, for whoever attaches the same one to
// buffer after buffer. What is left to ask of each buffer is whether its memory is large enough.
#pragma once

#include <cstdint>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/memory/video_meta.h"

namespace millrace {

class MILLRACE_API CheckedVideoMeta {
 public:
  /// Errors: planes whose rows overlap or wrap; planes in several memories, whose sizes only a
  /// buffer knows.
  [[nodiscard]] static Result<CheckedVideoMeta> create(const VideoMeta& meta);

  [[nodiscard]] const VideoMeta& meta() const { return meta_; }

  /// Bytes that a memory must show for all planes to lie inside.
  [[nodiscard]] uint64_t bytes() const { return bytes_; }

 private:
  CheckedVideoMeta(const VideoMeta& meta, uint64_t bytes) : meta_(meta), bytes_(bytes) {}

  VideoMeta meta_;
  uint64_t bytes_;
};

}  // namespace millrace
