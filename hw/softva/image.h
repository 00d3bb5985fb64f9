// SPDX-License-Identifier: MIT
// Image: a client's CPU view of NV12 pixels, its own or a surface's.
#pragma once

#include <memory>

#include <va/va.h>

#include "engine/base/result.h"
#include "hw/softva/buffer.h"
#include "hw/softva/surface.h"

namespace millrace::softva {

struct Image {
  VAImage description = {};  ///< the ids in it are filled by who adds it to the tables
  std::shared_ptr<ImageBuffer> buffer;
};

[[nodiscard]] VAImageFormat nv12_image_format();

[[nodiscard]] Result<std::shared_ptr<Image>> create_image(Size size);

/// An image of the surface's own memory; refused where that is two objects.
[[nodiscard]] Result<std::shared_ptr<Image>> derive_image(std::shared_ptr<Surface> surface);

/// A part of a picture, in pixels.
struct Region {
  int x = 0;
  int y = 0;
  uint32_t width = 0;
  uint32_t height = 0;
};

/// Copies `from` of the surface to the image's upper left corner. Waits for the surface.
Result<> read_surface(const Surface& surface, const Region& from, const Image& image);

/// Copies `from` of the image to (x, y) of the surface. Waits for the surface.
Result<> write_surface(Surface& surface, const Image& image, const Region& from, int x, int y);

}  // namespace millrace::softva
