// SPDX-License-Identifier: MIT
// Surface: one NV12 picture in shareable memory, own or imported.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

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
  bool tiled = false;  ///< see tiling.h
};

/// Bytes in one row, and rows, of plane `plane` of an NV12 picture.
[[nodiscard]] size_t row_bytes(Size size, int plane);
[[nodiscard]] size_t row_count(Size size, int plane);

/// What an own picture is laid out for; the knobs say.
struct LayoutRules {
  size_t pitch_step = 256;   ///< bytes: the pitch is a multiple of it
  size_t rows_step = 32;     ///< the luma rows are a multiple of it
  Size coded_step = {1, 1};  ///< pixels: each side of the coded picture is a multiple of it
  bool tiled = false;        ///< whole tiles
};

/// The sides of the picture, rounded up; nothing where they exceed 32 bits.
[[nodiscard]] std::optional<Size> coded_size(Size size, Size step);

/// Where the planes of an own picture lie.
struct Layout {
  size_t pitch = 0;
  size_t chroma_offset = 0;
  size_t bytes = 0;
};

[[nodiscard]] Result<Layout> plan_layout(Size size, const LayoutRules& rules);

/// Geometry is fixed; the rest is thread-safe.
class Surface {
 public:
  enum class Origin : uint8_t { own, imported };

  static Result<std::shared_ptr<Surface>> allocate(Size size, const LayoutRules& rules);

  Surface(Size size, std::array<Plane, 2> planes, Origin origin)
      : size_(size), planes_(std::move(planes)), origin_(origin) {}

  [[nodiscard]] Size size() const { return size_; }

  [[nodiscard]] const Plane& plane(int index) const { return planes_[static_cast<size_t>(index)]; }

  [[nodiscard]] Origin origin() const { return origin_; }

  [[nodiscard]] bool is_tiled() const { return planes_[0].tiled; }

  [[nodiscard]] bool has_one_object() const { return planes_[0].memory == planes_[1].memory; }

  /// The pictures in flight that read the surface or reconstruct into it.
  Pending pending;
  /// Whether vaPutImage filled it last.
  std::atomic<bool> was_put = false;
  /// Whether a picture was ever reconstructed into it, so that it may be a reference.
  std::atomic<bool> is_reconstructed = false;
  /// How often a client waited for it: see the knob sync=early.
  std::atomic<uint64_t> syncs = 0;
  /// The images derived from it that are not destroyed.
  std::atomic<uint32_t> derived_images = 0;

 private:
  const Size size_;
  const std::array<Plane, 2> planes_;
  const Origin origin_;
};

}  // namespace millrace::softva
