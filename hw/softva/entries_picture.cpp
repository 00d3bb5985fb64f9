// SPDX-License-Identifier: MIT
#include <span>
#include <vector>

#include "hw/softva/context.h"
#include "hw/softva/driver.h"
#include "hw/softva/entries.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

bool is_supported(int size) {
  return size >= static_cast<int>(least_picture_size) &&
         size <= static_cast<int>(most_picture_size);
}

VAStatus create_context(VADriverContextP context, VAConfigID config_id, int width, int height, int,
                        VASurfaceID* targets, int target_count, VAContextID* id) {
  return enter(context, [&](Driver& driver) -> Result<> {
    *id = VA_INVALID_ID;
    auto config = driver.objects.configs.find(config_id);
    if (!config) return refuse(VA_STATUS_ERROR_INVALID_CONFIG);
    if (!is_supported(width) || !is_supported(height))
      return refuse(VA_STATUS_ERROR_RESOLUTION_NOT_SUPPORTED);
    if (target_count < 0 || (targets == nullptr && target_count > 0))
      return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
    for (const VASurfaceID target : std::span(targets, static_cast<size_t>(target_count)))
      if (!driver.objects.surfaces.find(target)) return refuse(VA_STATUS_ERROR_INVALID_SURFACE);
    const ContextServices services = {driver.knobs, driver.objects, driver.messages, *driver.log,
                                      driver.encoder};
    const Size size = {static_cast<uint32_t>(width), static_cast<uint32_t>(height)};
    *id = driver.objects.contexts.add(
        MILLRACE_TRY(Context::create(std::move(config), size, services)));
    return {};
  });
}

VAStatus destroy_context(VADriverContextP context, VAContextID id) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto removed = driver.objects.contexts.remove(id);
    if (!removed) return refuse(VA_STATUS_ERROR_INVALID_CONTEXT);
    removed->stop();
    return {};
  });
}

VAStatus begin(VADriverContextP context, VAContextID id, VASurfaceID target) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto found = driver.objects.contexts.find(id);
    if (!found) return refuse(VA_STATUS_ERROR_INVALID_CONTEXT);
    auto surface = driver.objects.surfaces.find(target);
    if (!surface) return refuse(VA_STATUS_ERROR_INVALID_SURFACE);
    if (driver.knobs.validate && surface->derived_images > 0)
      return refuse(VA_STATUS_ERROR_SURFACE_BUSY,
                    "begin a picture: an image that is derived from its surface is not destroyed");
    return found->begin_picture(std::move(surface));
  });
}

VAStatus render(VADriverContextP context, VAContextID id, VABufferID* ids, int count) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto found = driver.objects.contexts.find(id);
    if (!found) return refuse(VA_STATUS_ERROR_INVALID_CONTEXT);
    if (count < 0 || (ids == nullptr && count > 0))
      return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
    std::vector<std::shared_ptr<Buffer>> buffers;
    for (const VABufferID one : std::span(ids, static_cast<size_t>(count))) {
      buffers.push_back(driver.objects.buffers.find(one));
      if (!buffers.back()) return refuse(VA_STATUS_ERROR_INVALID_BUFFER);
    }
    return found->render(buffers);
  });
}

VAStatus end(VADriverContextP context, VAContextID id) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto found = driver.objects.contexts.find(id);
    if (!found) return refuse(VA_STATUS_ERROR_INVALID_CONTEXT);
    return found->end_picture();
  });
}

}  // namespace

void add_picture_entries(VADriverVTable& table) {
  table.vaCreateContext = create_context;
  table.vaDestroyContext = destroy_context;
  table.vaBeginPicture = begin;
  table.vaRenderPicture = render;
  table.vaEndPicture = end;
}

}  // namespace millrace::softva
