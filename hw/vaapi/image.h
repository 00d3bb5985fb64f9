// SPDX-License-Identifier: MIT
// Image: a VAImage of NV12 pixels that the CPU can map, on its own or of a surface's memory.
#pragma once

#include <cstddef>
#include <span>

#include <va/va.h>

#include "engine/base/export.h"
#include "engine/base/result.h"
#include "engine/format/layout.h"
#include "hw/vaapi/handles.h"

namespace millrace::vaapi {

/// Move-only; confined. Unmapped and destroyed, under the display's lock, when it dies.
class MILLRACE_API Image {
 public:
  /// Errors: `unavailable` where the driver has no NV12 images.
  [[nodiscard]] static Result<Image> create(const SharedDisplay& display, SurfaceSize size);

  /// Of the memory of `surface`, which outlives the image. Errors: `unavailable` where the image
  /// is not NV12 or does not show all of the surface.
  [[nodiscard]] static Result<Image> derive(const SharedDisplay& display, VASurfaceID surface,
                                            SurfaceSize size);

  Image() { image_.image_id = VA_INVALID_ID; }

  Image(Image&& other) noexcept : Image() { swap(other); }

  Image& operator=(Image&& other) noexcept {
    swap(other);
    return *this;
  }

  ~Image();

  [[nodiscard]] VAImageID id() const { return image_.image_id; }

  /// Where the planes lie in the mapped bytes, all `data_size` of which `Layout::size` counts.
  [[nodiscard]] const Layout& layout() const { return layout_; }

  /// All bytes of the image, until `unmap`.
  [[nodiscard]] Result<std::span<std::byte>> map();

  /// On a surface's memory this may be what moves the pixels: without it they have not arrived.
  Result<> unmap();

 private:
  explicit Image(const SharedDisplay& display) : Image() { display_ = display; }

  void swap(Image& other) noexcept;
  Result<> check_made(VAStatus status, const char* call);
  Result<> check_whole(const char* call, SurfaceSize size);

  SharedDisplay display_;
  VAImage image_{};
  Layout layout_;
  bool mapped_ = false;
};

}  // namespace millrace::vaapi
