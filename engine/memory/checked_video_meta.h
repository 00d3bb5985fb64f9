// SPDX-License-Identifier: MIT
// CheckedVideoMeta: a VideoMeta that was looked through once, for whoever attaches the same one to
// buffer after buffer. What is left to ask of each buffer is whether its memory is large enough.
//
// The first few thousand different ones of a process are kept until it ends, so that buffers need
// only point to them. (A recording has one or two; a window that somebody drags larger and smaller,
// some hundreds.)
#pragma once

#include <cstdint>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/memory/video_meta.h"

namespace millrace {

/// A value; copies of it refer to the same kept VideoMeta.
class MILLRACE_API CheckedVideoMeta {
 public:
  /// Errors: what VideoMeta::check refuses of any buffer; planes in several memories, whose sizes
  /// only a buffer knows. Takes a lock: not for every frame.
  [[nodiscard]] static Result<CheckedVideoMeta> create(const VideoMeta& meta);

  [[nodiscard]] const VideoMeta& meta() const { return kept_ ? *kept_ : own_; }

  /// The same where it stays until the process ends; null where it is not kept.
  [[nodiscard]] const VideoMeta* kept() const { return kept_; }

  [[nodiscard]] bool is_kept() const { return kept_ != nullptr; }

  /// True where it is kept and all its planes lie in a memory that shows so many bytes.
  [[nodiscard]] bool is_kept_and_fits(uint64_t size) const { return size >= kept_bytes_; }

  /// Bytes that a memory must show for all planes to lie inside.
  [[nodiscard]] uint64_t bytes() const { return bytes_; }

 private:
  CheckedVideoMeta(const VideoMeta* kept, const VideoMeta& own, uint64_t bytes)
      : kept_(kept), kept_bytes_(kept ? bytes : UINT64_MAX), bytes_(bytes), own_(own) {}

  const VideoMeta* kept_;
  uint64_t kept_bytes_;  ///< more than any memory has where it is not kept
  uint64_t bytes_;
  VideoMeta own_;
};

}  // namespace millrace
