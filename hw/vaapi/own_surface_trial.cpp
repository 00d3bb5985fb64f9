// SPDX-License-Identifier: MIT
#include "hw/vaapi/own_surface_trial.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/memory/frame_view.h"
#include "hw/vaapi/image.h"
#include "hw/vaapi/status.h"

namespace millrace::vaapi {
namespace {

struct Point {
  size_t plane = 0;
  size_t row = 0;
  size_t column = 0;  ///< bytes
};

/// Corners, middles of the edges and the centre of each plane.
std::vector<Point> points_of(SurfaceSize size) {
  std::vector<Point> points;
  for (size_t plane = 0; plane < 2; ++plane) {
    const PlaneExtent extent = visible_extent(PixelFormat::nv12, plane, size.width, size.height);
    for (const size_t row : {uint64_t{0}, extent.rows / 2, extent.rows - 1}) {
      for (const size_t column : {uint64_t{0}, extent.row_bytes / 2, extent.row_bytes - 1}) {
        points.push_back({plane, row, column});
      }
    }
  }
  return points;
}

/// Another for each place, none of them 0.
std::byte mark(const Point& point) {
  return static_cast<std::byte>(1 + (point.plane * 101 + point.row * 7 + point.column * 3) % 255);
}

Result<> write_marks(SurfaceMemory& memory, const VideoMeta& video,
                     const std::vector<Point>& points) {
  const WriteView view = MILLRACE_TRY(memory.write());
  const WritePlanes planes = MILLRACE_TRY(planes_of(view.bytes(), video));
  for (const Point& at : points) planes[at.plane].row(at.row)[at.column] = mark(at);
  return {};
}

Result<> check_marks(Image& image, SurfaceSize size, const std::vector<Point>& points) {
  const std::span<const std::byte> bytes = MILLRACE_TRY(image.map());
  const VideoMeta video{.width = size.width, .height = size.height, .layout = image.layout()};
  const ReadPlanes planes = MILLRACE_TRY(planes_of(bytes, video));
  for (const Point& at : points) {
    const std::byte found = planes[at.plane].row(at.row)[at.column];
    if (found == mark(at)) continue;
    return fail(ErrorKind::unavailable,
                fmt::format("its surface is not as it says: what was written into row {} of plane "
                            "{} is not there when read back",
                            at.row, at.plane));
  }
  return {};
}

/// What the driver finds in the surface; nothing where it has no images.
Result<std::optional<Image>> read_back(const SharedDisplay& display, const SurfaceMemory& memory,
                                       SurfaceSize size) {
  Result<Image> image = Image::create(display, size);
  if (!image) return std::optional<Image>();
  const Lock lock(display->mutex());
  MILLRACE_TRY(check(
      vaGetImage(display->va(), memory.surface().id(), 0, 0, size.width, size.height, image->id()),
      "vaGetImage"));
  return std::optional<Image>(image.take());
}

struct Tried {
  Ref<SurfaceMemory> memory;
  bool was_read_back = false;
};

Result<Tried> try_reach(const SharedDisplay& display, SurfaceSize size, Reach reach) {
  Ref<SurfaceMemory> memory = MILLRACE_TRY(SurfaceMemory::create(display, size, reach));
  const VideoMeta video{.width = size.width, .height = size.height, .layout = memory->layout()};
  const std::vector<Point> points = points_of(size);
  MILLRACE_TRY(write_marks(*memory, video, points));
  std::optional<Image> image = MILLRACE_TRY(read_back(display, *memory, size));
  if (image) MILLRACE_TRY(check_marks(*image, size, points));
  return Tried{std::move(memory), image.has_value()};
}

Provenance learned(std::string raw) {
  return {{}, {}, Origin::learned, std::move(raw), true};
}

std::string in_words(const Tried& tried) {
  const Layout& layout = tried.memory->layout();
  return fmt::format("strides {} and {}, UV at {}, {} bytes, {}", layout.plane[0].stride,
                     layout.plane[1].stride, layout.plane[1].offset, layout.size,
                     tried.was_read_back ? "read back by vaGetImage as written"
                                         : "not read back: the driver has no images");
}

void try_into(OwnSurfaceTrial& trial, const SharedDisplay& display, SurfaceSize size, Reach reach) {
  const std::string act = fmt::format("trial of an own surface of {}x{} NV12, {}: ", size.width,
                                      size.height, to_string(reach));
  const Result<Tried> tried = try_reach(display, size, reach);
  if (!tried) {
    trial.refusals.push_back({reach, with_words_of(*display, tried.error()).what});
    trial.why = learned(act + trial.refusals.back().answer);
    return;
  }
  trial.passed = true;
  trial.reach = reach;
  trial.kind = tried->memory->kind();
  trial.layout = tried->memory->layout();
  trial.why = learned(act + in_words(*tried));
}

}  // namespace

OwnSurfaceTrial try_own_surface(const SharedDisplay& display, SurfaceSize size, bool exports_only) {
  OwnSurfaceTrial trial;
  try_into(trial, display, size, Reach::exported);
  if (!trial.passed && !exports_only) try_into(trial, display, size, Reach::derived);
  return trial;
}

}  // namespace millrace::vaapi
