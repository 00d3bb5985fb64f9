// SPDX-License-Identifier: MIT
#include "hw/vaapi/layout_probe.h"

#include <algorithm>
#include <numeric>

#include <va/va_drmcommon.h>

#include "engine/base/unique_fd.h"
#include "hw/vaapi/status.h"

namespace millrace::vaapi {
namespace {

Result<LayoutSample> derive_sample(const Display& display, const Surface& surface) {
  const Lock lock(display.mutex());
  VAImage image{};
  image.image_id = VA_INVALID_ID;
  MILLRACE_TRY(check(vaDeriveImage(display.va(), surface.id(), &image), "vaDeriveImage"));
  vaDestroyImage(display.va(), image.image_id);
  if (image.format.fourcc != VA_FOURCC_NV12 || image.num_planes != 2) {
    return fail(ErrorKind::unavailable, "vaDeriveImage: the image is not NV12");
  }
  return LayoutSample{.stride = image.pitches[0],
                      .uv_stride = image.pitches[1],
                      .uv_offset = uint64_t{image.offsets[1]} - image.offsets[0]};
}

Result<LayoutSample> export_sample(const Display& display, const Surface& surface) {
  VADRMPRIMESurfaceDescriptor described{};
  {
    const Lock lock(display.mutex());
    MILLRACE_TRY(check(
        vaExportSurfaceHandle(display.va(), surface.id(), VA_SURFACE_ATTRIB_MEM_TYPE_DRM_PRIME_2,
                              VA_EXPORT_SURFACE_READ_ONLY | VA_EXPORT_SURFACE_SEPARATE_LAYERS,
                              &described),
        "vaExportSurfaceHandle"));
  }
  std::vector<UniqueFd> exported;
  const uint32_t objects = std::min<uint32_t>(described.num_objects, 4);
  for (uint32_t i = 0; i < objects; ++i) exported.emplace_back(described.objects[i].fd);
  const bool is_linear = objects == 1 && described.objects[0].drm_format_modifier == 0;
  if (!is_linear || described.num_layers != 2) {
    return fail(ErrorKind::unavailable, "vaExportSurfaceHandle: the surface is not linear");
  }
  return LayoutSample{
      .stride = described.layers[0].pitch[0],
      .uv_stride = described.layers[1].pitch[0],
      .uv_offset = uint64_t{described.layers[1].offset[0]} - described.layers[0].offset[0]};
}

using Sampler = Result<LayoutSample> (*)(const Display&, const Surface&);

std::optional<LayoutFacts> sample_with(const SharedDisplay& display, Sampler sampler,
                                       const std::string& call) {
  std::vector<LayoutSample> samples;
  for (const uint32_t side : sample_sides) {
    const SurfaceSize size{side, side};
    Result<Surface> surface = create_own_surface(display, size);
    if (!surface) return std::nullopt;
    Result<LayoutSample> sample = sampler(*display, *surface);
    if (!sample) return std::nullopt;
    sample->size = size;
    samples.push_back(*sample);
  }
  return infer_layout(samples, call);
}

// https://github.com/intel/media-driver and Mesa's radeonsi: 256 suits both, and both read whole
// macroblock rows, in pairs when a field is coded.
LayoutFacts documented_layout() {
  return {.stride_align = {256, documented("radeonsi: linear surfaces have strides of 256 bytes")},
          .rows_align = {32, documented("iHD: surfaces have heights of 32 rows")}};
}

void append(std::string& list, const std::string& text) {
  list += (list.empty() ? "" : ", ") + text;
}

}  // namespace

std::optional<LayoutFacts> infer_layout(std::span<const LayoutSample> samples,
                                        const std::string& call) {
  uint64_t stride_align = 0;
  uint64_t rows_align = 0;
  std::string sizes;
  std::string strides;
  std::string rows;
  for (const LayoutSample& sample : samples) {
    const bool is_sound = sample.stride >= sample.size.width && sample.uv_stride == sample.stride &&
                          sample.uv_offset % sample.stride == 0 &&
                          sample.uv_offset / sample.stride >= sample.size.height;
    if (!is_sound) return std::nullopt;
    const uint64_t uv_row = sample.uv_offset / sample.stride;
    stride_align = std::gcd(stride_align, sample.stride);
    rows_align = std::gcd(rows_align, uv_row);
    append(sizes, std::to_string(sample.size.width) + "x" + std::to_string(sample.size.height));
    append(strides, std::to_string(sample.stride));
    append(rows, std::to_string(uv_row));
  }
  if (stride_align == 0 || rows_align == 0) return std::nullopt;
  const std::string asked = call + " of " + sizes;
  return LayoutFacts{.stride_align = {stride_align, queried(asked + ": strides " + strides)},
                     .rows_align = {rows_align, queried(asked + ": UV starts at rows " + rows)}};
}

LayoutFacts probe_layout(const SharedDisplay& display) {
  std::optional<LayoutFacts> facts = sample_with(display, derive_sample, "vaDeriveImage");
  if (!facts) facts = sample_with(display, export_sample, "vaExportSurfaceHandle");
  static_cast<void>(display->take_driver_words());  // of failures that were expected
  return facts ? *facts : documented_layout();
}

}  // namespace millrace::vaapi
