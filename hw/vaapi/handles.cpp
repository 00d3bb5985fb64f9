// SPDX-License-Identifier: MIT
#include "hw/vaapi/handles.h"

#include <string>

#include <va/va_str.h>

#include "hw/vaapi/status.h"

namespace millrace::vaapi {
namespace {

/// What a create call came back with: a driver may report success and yet give no id. `act` is
/// called to name the act only when it failed: buffers are created for each frame.
template <class Act>
Result<> check_created(VAStatus status, VAGenericID id, Act act) {
  if (status != VA_STATUS_SUCCESS) return fail_status(act(), status);
  if (id != VA_INVALID_ID) return {};
  return fail(ErrorKind::internal, act() + ": the driver reports success but gives no id",
              "update the VA driver");
}

std::string to_string(SurfaceSize size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

}  // namespace

void destroy_config(VADisplay display, VAGenericID id) {
  vaDestroyConfig(display, id);
}

void destroy_context(VADisplay display, VAGenericID id) {
  vaDestroyContext(display, id);
}

void destroy_surface(VADisplay display, VAGenericID id) {
  vaDestroySurfaces(display, &id, 1);
}

void destroy_buffer(VADisplay display, VAGenericID id) {
  vaDestroyBuffer(display, id);
}

Result<Config> create_config(const SharedDisplay& display, VAProfile profile,
                             VAEntrypoint entrypoint, std::vector<VAConfigAttrib> attributes) {
  VAConfigID id = VA_INVALID_ID;
  VAStatus status = VA_STATUS_SUCCESS;
  {
    const Lock lock(display->mutex());
    status = vaCreateConfig(display->va(), profile, entrypoint, attributes.data(),
                            static_cast<int>(attributes.size()), &id);
  }
  MILLRACE_TRY(check_created(status, id, [=] {
    return std::string("vaCreateConfig for ") + vaProfileStr(profile) + ", " +
           vaEntrypointStr(entrypoint);
  }));
  return Config(display, id);
}

Result<Context> create_context(const SharedDisplay& display, const Config& config,
                               SurfaceSize size) {
  VAContextID id = VA_INVALID_ID;
  VAStatus status = VA_STATUS_SUCCESS;
  {
    const Lock lock(display->mutex());
    status = vaCreateContext(display->va(), config.id(), static_cast<int>(size.width),
                             static_cast<int>(size.height), VA_PROGRESSIVE, nullptr, 0, &id);
  }
  MILLRACE_TRY(check_created(status, id, [=] { return "vaCreateContext of " + to_string(size); }));
  return Context(display, id);
}

Result<Surface> create_surface(const SharedDisplay& display, SurfaceSize size,
                               std::vector<VASurfaceAttrib> attributes) {
  VASurfaceID id = VA_INVALID_SURFACE;
  VAStatus status = VA_STATUS_SUCCESS;
  {
    const Lock lock(display->mutex());
    status = vaCreateSurfaces(display->va(), VA_RT_FORMAT_YUV420, size.width, size.height, &id, 1,
                              attributes.data(), static_cast<unsigned>(attributes.size()));
  }
  MILLRACE_TRY(check_created(status, id, [=] { return "vaCreateSurfaces of " + to_string(size); }));
  return Surface(display, id);
}

Result<Surface> create_own_surface(const SharedDisplay& display, SurfaceSize size) {
  return create_surface(
      display, size,
      {integer_attribute(VASurfaceAttribMemoryType, VA_SURFACE_ATTRIB_MEM_TYPE_VA),
       integer_attribute(VASurfaceAttribPixelFormat, VA_FOURCC_NV12)});
}

Result<CodedBuffer> create_coded_buffer(const SharedDisplay& display, const Context& context,
                                        uint32_t bytes) {
  VABufferID id = VA_INVALID_ID;
  VAStatus status = VA_STATUS_SUCCESS;
  {
    const Lock lock(display->mutex());
    status =
        vaCreateBuffer(display->va(), context.id(), VAEncCodedBufferType, bytes, 1, nullptr, &id);
  }
  MILLRACE_TRY(check_created(
      status, id, [=] { return "vaCreateBuffer of " + std::to_string(bytes) + " coded bytes"; }));
  return CodedBuffer(display, id);
}

Result<ParameterBuffer> create_parameter_buffer(const SharedDisplay& display,
                                                const Context& context, VABufferType type,
                                                std::span<const uint8_t> content) {
  VABufferID id = VA_INVALID_ID;
  VAStatus status = VA_STATUS_SUCCESS;
  {
    const Lock lock(display->mutex());
    // The parameter is not const, but the content is only copied.
    status =
        vaCreateBuffer(display->va(), context.id(), type, static_cast<unsigned>(content.size()), 1,
                       const_cast<uint8_t*>(content.data()), &id);
  }
  MILLRACE_TRY(check_created(
      status, id, [=] { return std::string("vaCreateBuffer of ") + vaBufferTypeStr(type); }));
  return ParameterBuffer(display, id);
}

VASurfaceAttrib integer_attribute(VASurfaceAttribType type, uint32_t value) {
  VASurfaceAttrib attribute{};
  attribute.type = type;
  attribute.flags = VA_SURFACE_ATTRIB_SETTABLE;
  attribute.value.type = VAGenericValueTypeInteger;
  attribute.value.value.i = static_cast<int>(value);
  return attribute;
}

VASurfaceAttrib pointer_attribute(VASurfaceAttribType type, void* pointer) {
  VASurfaceAttrib attribute{};
  attribute.type = type;
  attribute.flags = VA_SURFACE_ATTRIB_SETTABLE;
  attribute.value.type = VAGenericValueTypePointer;
  attribute.value.value.p = pointer;
  return attribute;
}

}  // namespace millrace::vaapi
