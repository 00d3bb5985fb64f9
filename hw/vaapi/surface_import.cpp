// SPDX-License-Identifier: MIT
#include "hw/vaapi/surface_import.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <drm_fourcc.h>
#include <errno.h>
#include <unistd.h>

#include "hw/vaapi/status.h"

namespace millrace::vaapi {
namespace {

Failure refuse(const std::string& reason) {
  return fail(ErrorKind::unavailable, "import NV12 memory as a VA surface: " + reason);
}

Result<uint64_t> size_of_object(int fd) {
  const off_t end = ::lseek(fd, 0, SEEK_END);
  if (end < 0) return fail_errno("ask for the size of a frame's memory", errno);
  return static_cast<uint64_t>(end);
}

Result<> check_rules(const ImportSource& source) {
  const Layout& layout = source.layout;
  const PlaneLayout& y = layout.plane[0];
  const PlaneLayout& uv = layout.plane[1];
  const std::string strides = std::to_string(y.stride) + " and " + std::to_string(uv.stride);
  if (layout.format != PixelFormat::nv12) return refuse("it is not NV12");
  if (layout.modifier != Modifier::linear) return refuse("its modifier is not LINEAR");
  if (uv.stride != y.stride) return refuse("Y and UV have different strides: " + strides);
  if (y.stride == 0) return refuse("its stride is 0");
  if ((source.base + y.offset) % y.stride != 0 || (source.base + uv.offset) % y.stride != 0) {
    return refuse("a plane does not start at a whole row: offsets " +
                  std::to_string(source.base + y.offset) + " and " +
                  std::to_string(source.base + uv.offset) + ", stride " + std::to_string(y.stride));
  }
  if (uv.offset <= y.offset) return refuse("UV does not come after Y");
  constexpr uint64_t limit = std::numeric_limits<uint32_t>::max();
  if (source.object_size > limit) return refuse("the object is larger than 4 GiB");
  if (source.base > source.object_size) return refuse("it starts beyond its object");
  return check_layout(layout, source.size.width, source.size.height,
                      source.object_size - source.base);
}

}  // namespace

Result<ImportSource> import_source(const FramePlace& place, const VideoMeta& video) {
  if (place.memory.fd() < 0) return refuse("host memory has no file to share");
  ImportSource source{.fd = place.memory.fd(),
                      .base = place.base,
                      .layout = video.layout,
                      .size = {video.width, video.height}};
  source.object_size = MILLRACE_TRY(size_of_object(source.fd));
  return source;
}

Result<VADRMPRIMESurfaceDescriptor> describe_import(const ImportSource& source) {
  MILLRACE_TRY(check_rules(source));
  VADRMPRIMESurfaceDescriptor out{};
  out.fourcc = VA_FOURCC_NV12;
  out.width = source.size.width;
  out.height = source.size.height;
  out.num_objects = 1;
  out.objects[0].fd = source.fd;
  out.objects[0].size = static_cast<uint32_t>(source.object_size);
  out.objects[0].drm_format_modifier = DRM_FORMAT_MOD_LINEAR;
  out.num_layers = 1;
  out.layers[0].drm_format = DRM_FORMAT_NV12;
  out.layers[0].num_planes = 2;
  for (size_t i = 0; i < 2; ++i) {
    const PlaneLayout& plane = source.layout.plane[i];
    out.layers[0].offset[i] = static_cast<uint32_t>(source.base + plane.offset);
    out.layers[0].pitch[i] = static_cast<uint32_t>(plane.stride);
  }
  return out;
}

Result<Surface> import_surface(const SharedDisplay& display, const ImportSource& source) {
  VADRMPRIMESurfaceDescriptor descriptor = MILLRACE_TRY(describe_import(source));
  // Drivers read attributes one after another: the memory type must be known before its descriptor.
  Result<Surface> surface = create_surface(
      display, source.size,
      {integer_attribute(VASurfaceAttribMemoryType, VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2),
       integer_attribute(VASurfaceAttribPixelFormat, VA_FOURCC_NV12),
       pointer_attribute(VASurfaceAttribExternalBufferDescriptor, &descriptor)});
  if (surface) return surface;
  return fail(with_words_of(*display, surface.error()));
}

Result<VASurfaceID> SurfaceCache::surface_of(const FramePlace& place, const VideoMeta& video) {
  const SurfaceSize size{video.width, video.height};
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.file == place.memory.identity() && entry.base == place.base &&
           entry.layout == video.layout && entry.size == size;
  });
  if (found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
    return entries_.front().surface.id();
  }
  const ImportSource source = MILLRACE_TRY(import_source(place, video));
  Surface surface = MILLRACE_TRY(import_surface(display_, source));
  ++imports_;
  if (entries_.size() == max_surfaces) entries_.pop_back();
  entries_.push_front(
      {place.memory.identity(), place.base, video.layout, size, std::move(surface)});
  return entries_.front().surface.id();
}

}  // namespace millrace::vaapi
