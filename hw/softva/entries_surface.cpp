// SPDX-License-Identifier: MIT
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "hw/softva/driver.h"
#include "hw/softva/entries.h"
#include "hw/softva/refusal.h"
#include "hw/softva/surface_attributes.h"
#include "hw/softva/surface_export.h"
#include "hw/softva/surface_import.h"

namespace millrace::softva {
namespace {

/// Counts one more, and refuses it beyond the limit that a knob has set.
Result<> count_up(std::atomic<uint32_t>& count, uint32_t limit, const char* knob) {
  if (++count <= limit || limit == 0) return {};
  return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED,
                "the knob " + std::string(knob) + "=" + std::to_string(limit) + " is used up");
}

Result<std::shared_ptr<Surface>> make_surface(Driver& driver, const SurfaceRequest& request,
                                              Size size) {
  const Knobs& knobs = driver.knobs;
  if (request.descriptor == nullptr) return Surface::allocate(size, own_layout(knobs));
  MILLRACE_TRY(count_up(driver.imports, knobs.import_limit, "import-limit"));
  return import_surface(request, size, knobs);
}

/// All the surfaces of one call, or none.
Result<> make_surfaces(Driver& driver, const SurfaceRequest& request, Size size,
                       std::span<VASurfaceID> ids) {
  std::vector<std::shared_ptr<Surface>> made;
  for (size_t i = 0; i < ids.size(); ++i)
    made.push_back(MILLRACE_TRY(make_surface(driver, request, size)));
  for (size_t i = 0; i < ids.size(); ++i) ids[i] = driver.objects.surfaces.add(std::move(made[i]));
  return {};
}

VAStatus create_surfaces_2(VADriverContextP context, unsigned int format, unsigned int width,
                           unsigned int height, VASurfaceID* ids, unsigned int count,
                           VASurfaceAttrib* attributes, unsigned int attribute_count) {
  return enter(context, [&](Driver& driver) -> Result<> {
    if (ids == nullptr || count == 0 || width == 0 || height == 0)
      return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
    const std::span<VASurfaceID> wanted(ids, count);
    std::fill(wanted.begin(), wanted.end(), VA_INVALID_ID);
    if (format != VA_RT_FORMAT_YUV420) return refuse(VA_STATUS_ERROR_UNSUPPORTED_RT_FORMAT);
    if (attributes == nullptr && attribute_count > 0)
      return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
    const SurfaceRequest request =
        MILLRACE_TRY(read_request(std::span<const VASurfaceAttrib>(attributes, attribute_count)));
    if (request.descriptor != nullptr && count > 1)
      return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, "import surfaces: one a call");
    return make_surfaces(driver, request, {width, height}, wanted);
  });
}

VAStatus create_surfaces(VADriverContextP context, int width, int height, int format, int count,
                         VASurfaceID* ids) {
  if (width <= 0 || height <= 0 || count <= 0) return VA_STATUS_ERROR_INVALID_PARAMETER;
  return create_surfaces_2(context, static_cast<unsigned>(format), static_cast<unsigned>(width),
                           static_cast<unsigned>(height), ids, static_cast<unsigned>(count),
                           nullptr, 0);
}

VAStatus destroy_surfaces(VADriverContextP context, VASurfaceID* ids, int count) {
  return enter(context, [&](Driver& driver) -> Result<> {
    if (ids == nullptr || count < 0) return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
    const std::span<const VASurfaceID> all(ids, static_cast<size_t>(count));
    for (const VASurfaceID id : all)
      if (!driver.objects.surfaces.find(id)) return refuse(VA_STATUS_ERROR_INVALID_SURFACE);
    for (const VASurfaceID id : all) driver.objects.surfaces.remove(id);
    return {};
  });
}

VAStatus sync_surface_2(VADriverContextP context, VASurfaceID id, uint64_t timeout_ns) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto surface = driver.objects.surfaces.find(id);
    if (!surface) return refuse(VA_STATUS_ERROR_INVALID_SURFACE);
    if (!surface->pending.wait_for(timeout_ns)) return refuse(VA_STATUS_ERROR_TIMEDOUT);
    ++surface->syncs;
    return {};
  });
}

VAStatus sync_surface(VADriverContextP context, VASurfaceID id) {
  return sync_surface_2(context, id, VA_TIMEOUT_INFINITE);
}

VAStatus query_status(VADriverContextP context, VASurfaceID id, VASurfaceStatus* status) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto surface = driver.objects.surfaces.find(id);
    if (!surface) return refuse(VA_STATUS_ERROR_INVALID_SURFACE);
    *status = surface->pending.busy() ? VASurfaceRendering : VASurfaceReady;
    return {};
  });
}

VAStatus query_error(VADriverContextP context, VASurfaceID id, VAStatus, void** info) {
  return enter(context, [&](Driver& driver) -> Result<> {
    if (!driver.objects.surfaces.find(id)) return refuse(VA_STATUS_ERROR_INVALID_SURFACE);
    if (info != nullptr) *info = nullptr;
    return refuse(VA_STATUS_ERROR_UNIMPLEMENTED);
  });
}

VAStatus query_attributes(VADriverContextP context, VAConfigID config, VASurfaceAttrib* attributes,
                          unsigned int* count) {
  return enter(context, [&](Driver& driver) -> Result<> {
    if (!driver.objects.configs.find(config)) return refuse(VA_STATUS_ERROR_INVALID_CONFIG);
    if (count == nullptr) return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
    const std::vector<VASurfaceAttrib> all = surface_attributes(driver.knobs);
    const unsigned int room = *count;
    *count = static_cast<unsigned int>(all.size());
    if (attributes == nullptr) return {};
    if (room < all.size()) return refuse(VA_STATUS_ERROR_MAX_NUM_EXCEEDED);
    std::copy(all.begin(), all.end(), attributes);
    return {};
  });
}

void tell_of_export(Driver& driver, const Surface& surface) {
  if (driver.told_of_export.exchange(true)) return;
  driver.messages.info(surface.plane(0).memory->is_dma_buf()
                           ? "surfaces are exported as a dma-buf each"
                           : "surfaces are exported as a memfd each: /dev/udmabuf does not open");
}

VAStatus export_handle(VADriverContextP context, VASurfaceID id, uint32_t memory_type,
                       uint32_t flags, void* descriptor) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto surface = driver.objects.surfaces.find(id);
    if (!surface) return refuse(VA_STATUS_ERROR_INVALID_SURFACE);
    if (memory_type != VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2)
      return refuse(VA_STATUS_ERROR_UNSUPPORTED_MEMORY_TYPE);
    if (!driver.knobs.export_surfaces)
      return refuse(VA_STATUS_ERROR_UNSUPPORTED_MEMORY_TYPE,
                    "export a surface: the knob export=no forbids it");
    if (descriptor == nullptr) return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
    MILLRACE_TRY(count_up(driver.exports, driver.knobs.export_limit, "export-limit"));
    *static_cast<VADRMPRIMESurfaceDescriptor*>(descriptor) = MILLRACE_TRY(
        export_surface(*surface, flags, driver.knobs.own_layout == Knobs::OwnLayout::lying));
    tell_of_export(driver, *surface);
    return {};
  });
}

}  // namespace

void add_surface_entries(VADriverVTable& table) {
  table.vaCreateSurfaces = create_surfaces;
  table.vaCreateSurfaces2 = create_surfaces_2;
  table.vaDestroySurfaces = destroy_surfaces;
  table.vaSyncSurface = sync_surface;
  table.vaSyncSurface2 = sync_surface_2;
  table.vaQuerySurfaceStatus = query_status;
  table.vaQuerySurfaceError = query_error;
  table.vaQuerySurfaceAttributes = query_attributes;
  table.vaExportSurfaceHandle = export_handle;
}

}  // namespace millrace::softva
