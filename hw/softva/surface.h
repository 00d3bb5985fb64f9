// SPDX-License-Identifier: MIT
// Surface: one NV12 picture in shareable memory, own or imported.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "engine/base/result.h"
#include "hw/softva/frame_memory.h"
#include "hw/softva/pending.h"

namespace millrace::softva {

struct Size {
  uint32_t width = 0;
  uint32_t height = 0;
};

struct Plane {
  std::shared_ptr<FrameMemory> memory;
  size_t offset = 0;
  size_t pitch = 0;
};

/// Bytes in one row, and rows, of plane `plane` of an NV12 picture.
[[nodiscard]] size_t row_bytes(Size size, int plane);
[[nodiscard]] size_t row_count(Size size, int plane);

/// Where the planes of an own picture lie: pitch a multiple of `pitch_step`, luma rows of 32.
struct Layout {
  size_t pitch = 0;
  size_t chroma_offset = 0;
  size_t bytes = 0;
};

[[nodiscard]] Result<Layout> plan_layout(Size size, size_t pitch_step);

/// Geometry is fixed; the rest is thread-safe.
class Surface {
 public:
  enum class Origin : uint8_t { own, imported };

  static Result<std::shared_ptr<Surface>> allocate(Size size, size_t pitch_step);

  Surface(Size size, std::array<Plane, 2> planes, Origin origin)
      : size_(size), planes_(std::move(planes)), origin_(origin) {}

  [[nodiscard]] Size size() const { return size_; }

  [[nodiscard]] const Plane& plane(int index) const { return planes_[static_cast<size_t>(index)]; }

  [[nodiscard]] Origin origin() const { return origin_; }

  [[nodiscard]] bool has_one_object() const { return planes_[0].memory == planes_[1].memory; }

  /// The pictures in flight that read the surface or reconstruct into it.
  Pending pending;
  /// Whether vaPutImage filled it last.
  std::atomic<bool> was_put = false;
  /// Whether a picture was ever reconstructed into it, so that it may be a reference.
  std::atomic<bool> is_reconstructed = false;
  /// How often a client waited for it: see the knob sync=early.
  std::atomic<uint64_t> syncs = 0;

 private:
  const Size size_;
  const std::array<Plane, 2> planes_;
  const Origin origin_;
};

}  // namespace millrace::softva
