// SPDX-License-Identifier: MIT
// FramePlace: where the bytes of a frame lie in the block behind it: what importers, devices and
// the proof are told. For the CPU there is FrameView.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/memory/buffer.h"

namespace millrace {

/// A block and a byte in it. Borrowed from the buffer.
struct FramePlace {
  const Memory& memory;
  uint64_t base = 0;  ///< bytes from the start of the block
};

/// From where the offsets of a VideoMeta count, all of whose planes lie in one memory. Errors:
/// `unavailable` where they lie in several, or there is no VideoMeta.
[[nodiscard]] MILLRACE_API Result<FramePlace> place_of_frame(const Buffer& buffer);

/// The first byte of a plane of a buffer that has a VideoMeta.
[[nodiscard]] MILLRACE_API FramePlace place_of_plane(const Buffer& buffer, size_t plane);

}  // namespace millrace
