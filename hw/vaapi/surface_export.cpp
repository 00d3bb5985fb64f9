// SPDX-License-Identifier: MIT
#include "hw/vaapi/surface_export.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include <drm_fourcc.h>
#include <errno.h>
#include <unistd.h>

#include <fmt/format.h>

#include "hw/vaapi/status.h"

namespace millrace::vaapi {
namespace {

constexpr uint32_t most_objects = 4;

Failure refuse(const std::string& reason) {
  return fail(ErrorKind::unavailable, "vaExportSurfaceHandle: " + reason);
}

Result<> check_linear(const VADRMPRIMESurfaceDescriptor& described) {
  if (described.fourcc != VA_FOURCC_NV12) return refuse("the surface is not NV12");
  if (described.num_objects != 1) {
    return refuse(fmt::format("the surface is in {} objects", described.num_objects));
  }
  const uint64_t modifier = described.objects[0].drm_format_modifier;
  if (modifier == DRM_FORMAT_MOD_LINEAR) return {};
  if (modifier == DRM_FORMAT_MOD_INVALID) return refuse("the surface's modifier is unknown");
  return refuse(fmt::format("the surface is tiled, modifier {:#018x}", modifier));
}

/// A driver may give one buffer a descriptor for each plane: numbers do not tell, files do.
Result<bool> are_one_file(std::span<const UniqueFd> objects) {
  const FileIdentity first = MILLRACE_TRY(identify(objects.front().get()));
  for (const UniqueFd& object : objects.subspan(1)) {
    const FileIdentity other = MILLRACE_TRY(identify(object.get()));
    if (other != first) return false;
  }
  return true;
}

uint32_t rows_in(uint64_t bytes, uint32_t stride) {
  return static_cast<uint32_t>(std::min<uint64_t>(bytes / stride, UINT32_MAX));
}

}  // namespace

Result<Layout> read_export(const VADRMPRIMESurfaceDescriptor& described, SurfaceSize size,
                           uint64_t bytes) {
  MILLRACE_TRY(check_linear(described));
  const auto& layers = described.layers;
  if (described.num_layers != 2 || layers[0].num_planes != 1 || layers[1].num_planes != 1) {
    return refuse("its layers are not the two planes of NV12");
  }
  Layout layout{.coded_width = size.width, .coded_height = size.height, .size = bytes};
  for (size_t index = 0; index < 2; ++index) {
    layout.plane[index] = {.offset = layers[index].offset[0], .stride = layers[index].pitch[0]};
  }
  PlaneLayout& y = layout.plane[0];
  PlaneLayout& uv = layout.plane[1];
  if (y.stride == 0 || uv.stride == 0 || uv.offset <= y.offset || uv.offset > bytes) {
    return refuse(fmt::format("planes at {} and {} with strides {} and {} in {} bytes", y.offset,
                              uv.offset, y.stride, uv.stride, bytes));
  }
  y.rows = rows_in(uv.offset - y.offset, y.stride);
  uv.rows = rows_in(bytes - uv.offset, uv.stride);
  MILLRACE_TRY(check_layout(layout, size.width, size.height, bytes));
  return layout;
}

Result<ExportedSurface> export_surface(const SharedDisplay& display, const Surface& surface,
                                       SurfaceSize size, uint32_t access) {
  VADRMPRIMESurfaceDescriptor described{};
  {
    const Lock lock(display->mutex());
    MILLRACE_TRY(check(
        vaExportSurfaceHandle(display->va(), surface.id(), VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2,
                              access | VA_EXPORT_SURFACE_SEPARATE_LAYERS, &described),
        "vaExportSurfaceHandle"));
  }
  std::array<UniqueFd, most_objects> objects;
  const uint32_t count = std::min(described.num_objects, most_objects);
  for (uint32_t index = 0; index < count; ++index)
    objects[index].reset(described.objects[index].fd);
  if (count > 1 && count == described.num_objects) {
    const bool is_one = MILLRACE_TRY(are_one_file({objects.data(), count}));
    if (is_one) described.num_objects = 1;
  }
  const off_t end = count == 0 ? 0 : ::lseek(objects[0].get(), 0, SEEK_END);
  if (end < 0) return fail_errno("ask for the size of an exported surface", errno);
  const auto bytes = static_cast<uint64_t>(end);
  const Layout layout = MILLRACE_TRY(read_export(described, size, bytes));
  return ExportedSurface{std::move(objects[0]), bytes, layout};
}

}  // namespace millrace::vaapi
