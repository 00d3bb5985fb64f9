// SPDX-License-Identifier: MIT
#include "hw/softva/surface_export.h"

#include <unistd.h>
#include <va/va.h>

#include "hw/softva/refusal.h"
#include "hw/softva/tiling.h"

namespace millrace::softva {
namespace {

constexpr uint64_t linear = 0;

constexpr uint32_t fourcc(char a, char b, char c, char d) {
  return static_cast<uint32_t>(a) | static_cast<uint32_t>(b) << 8U |
         static_cast<uint32_t>(c) << 16U | static_cast<uint32_t>(d) << 24U;
}

constexpr uint32_t drm_r8 = fourcc('R', '8', ' ', ' ');
constexpr uint32_t drm_gr88 = fourcc('G', 'R', '8', '8');
constexpr uint32_t drm_nv12 = fourcc('N', 'V', '1', '2');

Result<> add_object(VADRMPRIMESurfaceDescriptor& descriptor, FrameMemory& memory,
                    uint64_t modifier) {
  auto& object = descriptor.objects[descriptor.num_objects];
  object.fd = MILLRACE_TRY(memory.export_fd());
  object.size = static_cast<uint32_t>(memory.size());
  object.drm_format_modifier = modifier;
  ++descriptor.num_objects;
  return {};
}

void place(VADRMPRIMESurfaceDescriptor& descriptor, const Surface& surface, int plane,
           bool composed) {
  const uint32_t layer = composed ? 0 : static_cast<uint32_t>(plane);
  const uint32_t slot = composed ? static_cast<uint32_t>(plane) : 0;
  auto& target = descriptor.layers[layer];
  target.object_index[slot] = surface.has_one_object() ? 0 : static_cast<uint32_t>(plane);
  target.offset[slot] = static_cast<uint32_t>(surface.plane(plane).offset);
  target.pitch[slot] = static_cast<uint32_t>(surface.plane(plane).pitch);
  target.num_planes = slot + 1;
}

}  // namespace

Result<VADRMPRIMESurfaceDescriptor> export_surface(const Surface& surface, uint32_t flags,
                                                   bool claims_linear) {
  const bool composed = (flags & VA_EXPORT_SURFACE_COMPOSED_LAYERS) != 0;
  if (composed && (flags & VA_EXPORT_SURFACE_SEPARATE_LAYERS) != 0)
    return refuse(VA_STATUS_ERROR_INVALID_PARAMETER,
                  "export a surface: layers are either separate or composed");
  VADRMPRIMESurfaceDescriptor descriptor = {};
  descriptor.fourcc = VA_FOURCC_NV12;
  descriptor.width = surface.size().width;
  descriptor.height = surface.size().height;
  const uint64_t modifier = surface.is_tiled() && !claims_linear ? y_tiled_modifier : linear;
  MILLRACE_TRY(add_object(descriptor, *surface.plane(0).memory, modifier));
  if (!surface.has_one_object()) {
    const auto added = add_object(descriptor, *surface.plane(1).memory, modifier);
    if (!added) {
      close(descriptor.objects[0].fd);
      return fail(added.error());
    }
  }
  descriptor.num_layers = composed ? 1 : 2;
  descriptor.layers[0].drm_format = composed ? drm_nv12 : drm_r8;
  if (!composed) descriptor.layers[1].drm_format = drm_gr88;
  for (int plane = 0; plane < 2; ++plane) place(descriptor, surface, plane, composed);
  return descriptor;
}

}  // namespace millrace::softva
