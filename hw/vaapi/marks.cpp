// SPDX-License-Identifier: MIT
#include "hw/vaapi/marks.h"

#include <fmt/format.h>

#include "engine/memory/frame_view.h"
#include "hw/vaapi/image.h"
#include "hw/vaapi/mapped_file.h"
#include "hw/vaapi/status.h"

namespace millrace::vaapi {
namespace {

Result<> get_image(const SharedDisplay& display, const Surface& surface, const Image& image,
                   SurfaceSize size) {
  const Lock lock(display->mutex());
  return check(vaGetImage(display->va(), surface.id(), 0, 0, size.width, size.height, image.id()),
               "vaGetImage");
}

}  // namespace

Marks::Marks(SurfaceSize size) : size_(size) {
  for (size_t plane = 0; plane < 2; ++plane) {
    const PlaneExtent extent = visible_extent(PixelFormat::nv12, plane, size.width, size.height);
    for (const size_t row : {uint64_t{0}, extent.rows / 2, extent.rows - 1}) {
      for (const size_t column : {uint64_t{0}, extent.row_bytes / 2, extent.row_bytes - 1}) {
        points_.push_back({plane, row, column});
      }
    }
  }
}

/// Another for each place, none of them 0.
std::byte Marks::mark(const Point& point) {
  return static_cast<std::byte>(1 + (point.plane * 101 + point.row * 7 + point.column * 3) % 255);
}

VideoMeta Marks::picture(const Layout& layout) const {
  return {.width = size_.width, .height = size_.height, .layout = layout};
}

Result<> Marks::write(std::span<std::byte> bytes, const Layout& layout) const {
  const WritePlanes planes = MILLRACE_TRY(planes_of(bytes, picture(layout)));
  for (const Point& at : points_) planes[at.plane].row(at.row)[at.column] = mark(at);
  return {};
}

Result<> Marks::check(std::span<const std::byte> bytes, const Layout& layout) const {
  const ReadPlanes planes = MILLRACE_TRY(planes_of(bytes, picture(layout)));
  for (const Point& at : points_) {
    if (planes[at.plane].row(at.row)[at.column] == mark(at)) continue;
    return fail(ErrorKind::unavailable,
                fmt::format("its surface is not as it says: what was written into row {} of plane "
                            "{} is not there when read back",
                            at.row, at.plane));
  }
  return {};
}

Result<ReadBack> Marks::read_back(const SharedDisplay& display, const Surface& surface) const {
  Result<Image> image = Image::create(display, size_);
  if (!image) return ReadBack{with_words_of(*display, image.error()).what};
  const Result<> got = get_image(display, surface, *image, size_);
  if (!got) return ReadBack{with_words_of(*display, got.error()).what};
  const Result<std::span<std::byte>> bytes = image->map();
  if (!bytes) return ReadBack{with_words_of(*display, bytes.error()).what};
  MILLRACE_TRY(check_mapped(*bytes, Access::read));
  MILLRACE_TRY(check(*bytes, image->layout()));
  return ReadBack{};
}

}  // namespace millrace::vaapi
