// SPDX-License-Identifier: MIT
#include "hw/softva/surface_import.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <sys/stat.h>
#include <va/va.h>
#include <va/va_drmcommon.h>

#include "engine/base/checked.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

constexpr uint64_t linear = 0;
constexpr uint64_t implicit = 0x00FFFFFFFFFFFFFF;

Failure refuse_import(const std::string& why) {
  return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, "import a surface: " + why);
}

/// Where a client says that a plane is.
struct PlaneClaim {
  int fd = -1;
  uint64_t offset = 0;
  uint64_t pitch = 0;
};

using Claims = std::array<PlaneClaim, 2>;

Result<> check_head(uint32_t fourcc, uint32_t width, uint32_t height, Size size) {
  if (fourcc != VA_FOURCC_NV12) return refuse_import("NV12 is what there is");
  if (width != size.width || height != size.height)
    return refuse_import("the descriptor says " + std::to_string(width) + "x" +
                         std::to_string(height) + ", the call " + std::to_string(size.width) + "x" +
                         std::to_string(size.height));
  return {};
}

Result<PlaneClaim> read_plane(const VADRMPRIMESurfaceDescriptor& descriptor, uint32_t layer,
                              uint32_t plane) {
  const auto& claimed = descriptor.layers[layer];
  const uint32_t object = claimed.object_index[plane];
  if (object >= descriptor.num_objects)
    return refuse_import("a plane is in object " + std::to_string(object) + " of " +
                         std::to_string(descriptor.num_objects));
  const uint64_t modifier = descriptor.objects[object].drm_format_modifier;
  if (modifier != linear && modifier != implicit)
    return refuse_import("modifier " + std::to_string(modifier) + " is tiled; linear is needed");
  return PlaneClaim{descriptor.objects[object].fd, claimed.offset[plane], claimed.pitch[plane]};
}

/// NV12 as one layer of two planes, or as two layers of one.
Result<Claims> read_prime_2(const void* pointer, Size size) {
  const auto& descriptor = *static_cast<const VADRMPRIMESurfaceDescriptor*>(pointer);
  MILLRACE_TRY(check_head(descriptor.fourcc, descriptor.width, descriptor.height, size));
  if (descriptor.num_objects < 1 || descriptor.num_objects > 4)
    return refuse_import("it has " + std::to_string(descriptor.num_objects) + " objects");
  const bool composed = descriptor.num_layers == 1 && descriptor.layers[0].num_planes == 2;
  const bool separate = descriptor.num_layers == 2 && descriptor.layers[0].num_planes == 1 &&
                        descriptor.layers[1].num_planes == 1;
  if (!composed && !separate)
    return refuse_import("its layers are neither one of two planes nor two of one");
  Claims claims;
  claims[0] = MILLRACE_TRY(read_plane(descriptor, 0, 0));
  claims[1] = MILLRACE_TRY(read_plane(descriptor, composed ? 0 : 1, composed ? 1 : 0));
  return claims;
}

Result<Claims> read_prime_1(const void* pointer, Size size) {
  const auto& buffers = *static_cast<const VASurfaceAttribExternalBuffers*>(pointer);
  MILLRACE_TRY(check_head(buffers.pixel_format, buffers.width, buffers.height, size));
  if (buffers.num_planes != 2) return refuse_import("NV12 has two planes");
  if (buffers.buffers == nullptr || buffers.num_buffers != 1)
    return refuse_import("one buffer a surface is needed, not " +
                         std::to_string(buffers.num_buffers));
  const int fd = static_cast<int>(buffers.buffers[0]);
  return Claims{PlaneClaim{fd, buffers.offsets[0], buffers.pitches[0]},
                PlaneClaim{fd, buffers.offsets[1], buffers.pitches[1]}};
}

Result<> check_pitch(const Claims& claims, Size coded, uint32_t stride) {
  const uint64_t pitch = claims[0].pitch;
  if (pitch < row_bytes(coded, 1))
    return refuse_import("pitch " + std::to_string(pitch) + " is less than the width " +
                         std::to_string(coded.width));
  if (pitch % stride != 0)
    return refuse_import("pitch " + std::to_string(pitch) + " is not a multiple of " +
                         std::to_string(stride));
  if (claims[1].pitch != pitch)
    return refuse_import("chroma has pitch " + std::to_string(claims[1].pitch) + ", luma " +
                         std::to_string(pitch));
  if (claims[1].offset % pitch != 0)
    return refuse_import("chroma at offset " + std::to_string(claims[1].offset) +
                         " does not begin on a row of pitch " + std::to_string(pitch));
  return {};
}

/// What the knobs ask of the luma rows: that chroma begins behind whole steps of them.
Result<> check_rows(const Claims& claims, Size coded, const Knobs& knobs) {
  if (claims[1].offset < claims[0].offset) return {};
  const uint64_t rows = (claims[1].offset - claims[0].offset) / claims[0].pitch;
  if (knobs.height != 0 && rows % knobs.height != 0)
    return refuse_import("chroma begins at row " + std::to_string(rows) +
                         ", which is not a multiple of " + std::to_string(knobs.height));
  if (knobs.coded.height > 1 && rows < coded.height)
    return refuse_import("it has " + std::to_string(rows) + " luma rows, the coded height is " +
                         std::to_string(coded.height));
  return {};
}

/// The byte after a plane's last.
Result<uint64_t> end_of(const PlaneClaim& claim, Size size, int plane) {
  const auto rows = checked_mul<uint64_t>(row_count(size, plane) - 1, claim.pitch);
  const auto bytes = rows ? checked_add<uint64_t>(*rows, row_bytes(size, plane)) : std::nullopt;
  const auto end = bytes ? checked_add<uint64_t>(*bytes, claim.offset) : std::nullopt;
  if (!end) return refuse_import("its planes end beyond any file");
  return *end;
}

/// Two descriptors of one file are one object: fd numbers do not tell.
bool is_same_file(int one, int other) {
  struct stat a = {};
  struct stat b = {};
  if (one == other) return true;
  return fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

Result<std::shared_ptr<FrameMemory>> import_object(int fd, uint64_t bytes, const Knobs& knobs) {
  auto memory = MILLRACE_TRY(FrameMemory::import(fd, bytes));
  if (knobs.import == Knobs::Import::dmabuf && !memory->is_dma_buf())
    return refuse_import("fd " + std::to_string(fd) + " is no dma-buf (the knob import=dmabuf)");
  return memory;
}

/// The knob import=lying: a macroblock's rows before where the client has put it.
void look_elsewhere(Plane& chroma) {
  constexpr size_t rows = 16;
  chroma.offset -= std::min(chroma.offset, rows * chroma.pitch);
}

}  // namespace

Result<std::shared_ptr<Surface>> import_surface(const SurfaceRequest& request, Size size,
                                                const Knobs& knobs) {
  if (knobs.import == Knobs::Import::none)
    return refuse(VA_STATUS_ERROR_UNSUPPORTED_MEMORY_TYPE,
                  "import a surface: the knob import=none forbids it");
  const Claims claims = MILLRACE_TRY(request.memory_type == VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME
                                         ? read_prime_1(request.descriptor, size)
                                         : read_prime_2(request.descriptor, size));
  const std::optional<Size> coded = coded_size(size, knobs.coded);
  if (!coded) return refuse_import("its coded size is too large");
  MILLRACE_TRY(check_pitch(claims, *coded, knobs.stride));
  MILLRACE_TRY(check_rows(claims, *coded, knobs));
  const uint64_t luma_end = MILLRACE_TRY(end_of(claims[0], *coded, 0));
  const uint64_t chroma_end = MILLRACE_TRY(end_of(claims[1], *coded, 1));
  const bool one_object = is_same_file(claims[0].fd, claims[1].fd);
  std::array<Plane, 2> planes = {Plane{nullptr, claims[0].offset, claims[0].pitch},
                                 Plane{nullptr, claims[1].offset, claims[1].pitch}};
  planes[0].memory = MILLRACE_TRY(
      import_object(claims[0].fd, one_object ? std::max(luma_end, chroma_end) : luma_end, knobs));
  planes[1].memory = planes[0].memory;
  if (!one_object) planes[1].memory = MILLRACE_TRY(import_object(claims[1].fd, chroma_end, knobs));
  if (knobs.import == Knobs::Import::lying) look_elsewhere(planes[1]);
  return std::make_shared<Surface>(size, planes, Surface::Origin::imported);
}

}  // namespace millrace::softva
