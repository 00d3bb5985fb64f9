// SPDX-License-Identifier: MIT
// FrameReadView and FrameWriteView: the planes of a video buffer, mapped together for the CPU.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/memory/buffer.h"

namespace millrace {

/// One mapped plane; `rows` and `row_bytes` are the visible ones.
template <class Byte>
struct PlaneSpan {
  Byte* data = nullptr;
  size_t stride = 0;
  size_t row_bytes = 0;
  size_t rows = 0;

  [[nodiscard]] std::span<Byte> row(size_t index) const {
    return {data + index * stride, row_bytes};
  }
};

using ReadPlanes = std::array<PlaneSpan<const std::byte>, max_planes>;
using WritePlanes = std::array<PlaneSpan<std::byte>, max_planes>;

/// The planes of `bytes` as `video` says. Fails when they do not fit.
[[nodiscard]] MILLRACE_API Result<ReadPlanes> planes_of(std::span<const std::byte> bytes,
                                                        const VideoMeta& video);
[[nodiscard]] MILLRACE_API Result<WritePlanes> planes_of(std::span<std::byte> bytes,
                                                         const VideoMeta& video);

class MILLRACE_API FrameReadView {
 public:
  /// Fails for a buffer without a VideoMeta.
  [[nodiscard]] static Result<FrameReadView> create(const Buffer& buffer);

  [[nodiscard]] const PlaneSpan<const std::byte>& plane(size_t index) const {
    return planes_[index];
  }

  [[nodiscard]] const ReadPlanes& planes() const { return planes_; }

 private:
  FrameReadView(ReadView view, const ReadPlanes& planes)
      : view_(std::move(view)), planes_(planes) {}

  ReadView view_;
  ReadPlanes planes_;
};

class MILLRACE_API FrameWriteView {
 public:
  /// Fails for a buffer without a VideoMeta, or that somebody else holds too.
  [[nodiscard]] static Result<FrameWriteView> create(Buffer& buffer);

  [[nodiscard]] const PlaneSpan<std::byte>& plane(size_t index) const { return planes_[index]; }

  [[nodiscard]] const WritePlanes& planes() const { return planes_; }

 private:
  FrameWriteView(WriteView view, const WritePlanes& planes)
      : view_(std::move(view)), planes_(planes) {}

  WriteView view_;
  WritePlanes planes_;
};

}  // namespace millrace
