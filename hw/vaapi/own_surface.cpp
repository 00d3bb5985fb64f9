// SPDX-License-Identifier: MIT
#include "hw/vaapi/own_surface.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <drm_fourcc.h>
#include <va/va_drmcommon.h>

namespace millrace::vaapi {
namespace {

/// Linear if the driver can be told, and for the encoder. Mesa knows the list of modifiers on some
/// devices only and refuses it on others; iHD takes it and does as it likes: the trial tells.
Result<Surface> create_input_surface(const SharedDisplay& display, SurfaceSize size) {
  uint64_t linear = DRM_FORMAT_MOD_LINEAR;
  VADRMFormatModifierList modifiers{.num_modifiers = 1, .modifiers = &linear};
  std::vector<VASurfaceAttrib> attributes = {
      integer_attribute(VASurfaceAttribMemoryType, VA_SURFACE_ATTRIB_MEM_TYPE_VA),
      integer_attribute(VASurfaceAttribPixelFormat, VA_FOURCC_NV12),
      integer_attribute(VASurfaceAttribUsageHint, VA_SURFACE_ATTRIB_USAGE_HINT_ENCODER),
      pointer_attribute(VASurfaceAttribDRMFormatModifiers, &modifiers)};
  Result<Surface> surface = create_surface(display, size, attributes);
  if (surface) return surface;
  static_cast<void>(display->take_driver_words());  // not of what comes next
  attributes.pop_back();
  return create_surface(display, size, attributes);
}

bool is_same_place(const PlaneLayout& a, const PlaneLayout& b) {
  return a.offset == b.offset && a.stride == b.stride;
}

Result<> clear(SurfaceMemory& memory) {
  const WriteView view = MILLRACE_TRY(memory.write());
  for (size_t index = 0; index < 2; ++index) {
    const PlaneLayout& plane = memory.layout().plane[index];
    std::ranges::fill(view.bytes().subspan(plane.offset, plane.bytes()), std::byte{0});
  }
  return {};
}

}  // namespace

std::string_view to_string(Reach reach) {
  return reach == Reach::exported ? "exported" : "derived";
}

Result<Ref<SurfaceMemory>> SurfaceMemory::create(const SharedDisplay& display, SurfaceSize size,
                                                 Reach reach) {
  Surface surface = MILLRACE_TRY(create_input_surface(display, size));
  Ref<SurfaceMemory> memory = MILLRACE_TRY(
      reach == Reach::exported ? reach_by_export(display, std::move(surface), size)
                               : reach_by_derived_image(display, std::move(surface), size));
  MILLRACE_TRY(clear(*memory));
  MILLRACE_TRY(memory->check_arrived());
  return memory;
}

Result<> SurfaceMemory::check_arrived() const {
  const Lock lock(mutex_);
  if (lost_) return fail(*lost_);
  return {};
}

void SurfaceMemory::note_end(const Result<>& ended, bool written) {
  const Lock lock(mutex_);
  if (!ended) {
    lost_ = ended.error();
  } else if (written) {
    lost_.reset();
  }
}

Result<VASurfaceID> own_surface_of(const Memory& memory, const Layout& layout) {
  const auto* const own = dynamic_cast<const SurfaceMemory*>(&memory);
  if (!own) {
    return fail(ErrorKind::internal,
                "encode a frame: it does not lie in a surface of the encoder's");
  }
  for (size_t plane = 0; plane < 2; ++plane) {
    if (is_same_place(own->layout().plane[plane], layout.plane[plane])) continue;
    return fail(ErrorKind::internal, "encode a frame: its planes are not where its surface's are");
  }
  MILLRACE_TRY(own->check_arrived());
  return own->surface().id();
}

}  // namespace millrace::vaapi
