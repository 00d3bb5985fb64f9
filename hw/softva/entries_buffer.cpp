// SPDX-License-Identifier: MIT
#include <va/va_drmcommon.h>

#include "hw/softva/coded_buffer.h"
#include "hw/softva/context.h"
#include "hw/softva/driver.h"
#include "hw/softva/entries.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

constexpr uint64_t largest_buffer = uint64_t{1} << 30U;

Result<std::shared_ptr<Buffer>> make_coded_buffer(Driver& driver, const Context& owner,
                                                  uint32_t size, const void* data) {
  if (data != nullptr)
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, "create a coded buffer: it takes no data");
  return std::make_shared<CodedBuffer>(size, driver.knobs, owner.shared_segment());
}

VAStatus create(VADriverContextP context, VAContextID owner_id, VABufferType type,
                unsigned int size, unsigned int elements, void* data, VABufferID* id) {
  return enter(context, [&](Driver& driver) -> Result<> {
    *id = VA_INVALID_ID;
    const auto owner = driver.objects.contexts.find(owner_id);
    if (!owner) return refuse(VA_STATUS_ERROR_INVALID_CONTEXT);
    if (size == 0 || elements == 0) return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
    if (uint64_t{size} * elements > largest_buffer)
      return refuse(VA_STATUS_ERROR_ALLOCATION_FAILED);
    std::shared_ptr<Buffer> buffer;
    if (type == VAEncCodedBufferType)
      buffer = MILLRACE_TRY(make_coded_buffer(driver, *owner, size * elements, data));
    else
      buffer = std::make_shared<DataBuffer>(type, size, elements, data);
    *id = driver.objects.buffers.add(std::move(buffer));
    return {};
  });
}

VAStatus set_elements(VADriverContextP context, VABufferID id, unsigned int elements) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto buffer = driver.objects.buffers.find(id);
    if (!buffer) return refuse(VA_STATUS_ERROR_INVALID_BUFFER);
    return buffer->set_elements(elements);
  });
}

VAStatus map(VADriverContextP context, VABufferID id, void** pointer) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto buffer = driver.objects.buffers.find(id);
    if (!buffer) return refuse(VA_STATUS_ERROR_INVALID_BUFFER);
    if (pointer == nullptr) return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
    *pointer = nullptr;
    *pointer = MILLRACE_TRY(buffer->map());
    return {};
  });
}

VAStatus unmap(VADriverContextP context, VABufferID id) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto buffer = driver.objects.buffers.find(id);
    if (!buffer) return refuse(VA_STATUS_ERROR_INVALID_BUFFER);
    MILLRACE_TRY(buffer->unmap());
    const bool is_image = std::dynamic_pointer_cast<ImageBuffer>(buffer) != nullptr;
    if (is_image && ++driver.image_unmaps == driver.knobs.fail_unmap)
      return refuse(VA_STATUS_ERROR_OPERATION_FAILED, "unmap an image: the knob fail-unmap");
    return {};
  });
}

VAStatus destroy(VADriverContextP context, VABufferID id) {
  return enter(context, [&](Driver& driver) -> Result<> {
    if (!driver.objects.buffers.remove(id)) return refuse(VA_STATUS_ERROR_INVALID_BUFFER);
    return {};
  });
}

VAStatus info(VADriverContextP context, VABufferID id, VABufferType* type, unsigned int* size,
              unsigned int* elements) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto buffer = driver.objects.buffers.find(id);
    if (!buffer) return refuse(VA_STATUS_ERROR_INVALID_BUFFER);
    *type = buffer->type();
    *size = buffer->element_bytes();
    *elements = buffer->elements();
    return {};
  });
}

VAStatus sync(VADriverContextP context, VABufferID id, uint64_t timeout_ns) {
  return enter(context, [&](Driver& driver) -> Result<> {
    if (driver.knobs.sync == Knobs::Sync::unimplemented)
      return refuse(VA_STATUS_ERROR_UNIMPLEMENTED);
    const auto coded = std::dynamic_pointer_cast<CodedBuffer>(driver.objects.buffers.find(id));
    if (!coded) return refuse(VA_STATUS_ERROR_INVALID_BUFFER);
    return coded->sync(timeout_ns);
  });
}

VAStatus acquire_handle(VADriverContextP context, VABufferID id, VABufferInfo* info) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto image = std::dynamic_pointer_cast<ImageBuffer>(driver.objects.buffers.find(id));
    if (!image) return refuse(VA_STATUS_ERROR_INVALID_BUFFER);
    if (info == nullptr) return refuse(VA_STATUS_ERROR_INVALID_PARAMETER);
    constexpr uint32_t prime = VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME;
    if (!driver.knobs.export_surfaces || (info->mem_type != 0 && (info->mem_type & prime) == 0))
      return refuse(VA_STATUS_ERROR_UNSUPPORTED_MEMORY_TYPE);
    info->handle = static_cast<uintptr_t>(MILLRACE_TRY(image->acquire()));
    info->type = VAImageBufferType;
    info->mem_type = prime;
    info->mem_size = image->memory().size();
    return {};
  });
}

VAStatus release_handle(VADriverContextP context, VABufferID id) {
  return enter(context, [&](Driver& driver) -> Result<> {
    const auto image = std::dynamic_pointer_cast<ImageBuffer>(driver.objects.buffers.find(id));
    if (!image) return refuse(VA_STATUS_ERROR_INVALID_BUFFER);
    return image->release();
  });
}

}  // namespace

void add_buffer_entries(VADriverVTable& table) {
  table.vaCreateBuffer = create;
  table.vaBufferSetNumElements = set_elements;
  table.vaMapBuffer = map;
  table.vaUnmapBuffer = unmap;
  table.vaDestroyBuffer = destroy;
  table.vaBufferInfo = info;
  table.vaSyncBuffer = sync;
  table.vaAcquireBufferHandle = acquire_handle;
  table.vaReleaseBufferHandle = release_handle;
}

}  // namespace millrace::softva
