// SPDX-License-Identifier: MIT
#include "hw/softva/surface_attributes.h"

#include <algorithm>
#include <string>

#include <va/va_drmcommon.h>

#include "hw/softva/config.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

constexpr uint64_t linear = 0;

VASurfaceAttrib integer(VASurfaceAttribType type, uint32_t flags, uint32_t value) {
  VASurfaceAttrib attribute = {};
  attribute.type = type;
  attribute.flags = flags;
  attribute.value.type = VAGenericValueTypeInteger;
  attribute.value.value.i = static_cast<int>(value);
  return attribute;
}

VASurfaceAttrib settable_pointer(VASurfaceAttribType type) {
  VASurfaceAttrib attribute = {};
  attribute.type = type;
  attribute.flags = VA_SURFACE_ATTRIB_SETTABLE;
  attribute.value.type = VAGenericValueTypePointer;
  return attribute;
}

Result<> check_modifiers(const VASurfaceAttrib& attribute) {
  const auto* const list = static_cast<const VADRMFormatModifierList*>(attribute.value.value.p);
  if (list == nullptr || list->num_modifiers == 0 || list->modifiers == nullptr) return {};
  const std::span<const uint64_t> modifiers(list->modifiers, list->num_modifiers);
  if (std::find(modifiers.begin(), modifiers.end(), linear) == modifiers.end())
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER,
                  "create a surface: all of its modifiers are tiled; linear is what there is");
  return {};
}

Result<> read_attribute(SurfaceRequest& request, const VASurfaceAttrib& attribute) {
  const auto value = static_cast<uint32_t>(attribute.value.value.i);
  switch (attribute.type) {
    case VASurfaceAttribPixelFormat:
      if (value != VA_FOURCC_NV12)
        return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, "create a surface: NV12 is what there is");
      return {};
    case VASurfaceAttribMemoryType:
      request.memory_type = value;
      return {};
    case VASurfaceAttribExternalBufferDescriptor:
      request.descriptor = attribute.value.value.p;
      return {};
    case VASurfaceAttribUsageHint:
      return {};
    case VASurfaceAttribDRMFormatModifiers:
      return check_modifiers(attribute);
    default:
      return refuse(VA_STATUS_ERROR_ATTR_NOT_SUPPORTED);
  }
}

}  // namespace

Result<SurfaceRequest> read_request(std::span<const VASurfaceAttrib> attributes) {
  SurfaceRequest request = {VA_SURFACE_ATTRIB_MEM_TYPE_VA, nullptr};
  for (const VASurfaceAttrib& attribute : attributes)
    if ((attribute.flags & VA_SURFACE_ATTRIB_SETTABLE) != 0)
      MILLRACE_TRY(read_attribute(request, attribute));
  switch (request.memory_type) {
    case VA_SURFACE_ATTRIB_MEM_TYPE_VA:
      request.descriptor = nullptr;
      return request;
    case VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME:
    case VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2:
    case memory_type_prime_3:
      return request;
    default:
      return refuse(VA_STATUS_ERROR_UNSUPPORTED_MEMORY_TYPE);
  }
}

std::vector<VASurfaceAttrib> surface_attributes(const Knobs& knobs) {
  constexpr uint32_t get = VA_SURFACE_ATTRIB_GETTABLE;
  constexpr uint32_t both = VA_SURFACE_ATTRIB_GETTABLE | VA_SURFACE_ATTRIB_SETTABLE;
  const bool shares = knobs.import != Knobs::Import::none || knobs.export_surfaces;
  const uint32_t memory_types =
      VA_SURFACE_ATTRIB_MEM_TYPE_VA |
      (shares ? VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME | VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2 |
                    memory_type_prime_3
              : 0);
  return {integer(VASurfaceAttribPixelFormat, both, VA_FOURCC_NV12),
          integer(VASurfaceAttribMinWidth, get, least_picture_size),
          integer(VASurfaceAttribMaxWidth, get, most_picture_size),
          integer(VASurfaceAttribMinHeight, get, least_picture_size),
          integer(VASurfaceAttribMaxHeight, get, most_picture_size),
          integer(VASurfaceAttribMemoryType, both, memory_types),
          settable_pointer(VASurfaceAttribExternalBufferDescriptor),
          integer(VASurfaceAttribUsageHint, VA_SURFACE_ATTRIB_SETTABLE,
                  VA_SURFACE_ATTRIB_USAGE_HINT_GENERIC),
          settable_pointer(VASurfaceAttribDRMFormatModifiers)};
}

}  // namespace millrace::softva
