// SPDX-License-Identifier: MIT
#include "hw/vaapi/layout_probe.h"

#include <algorithm>
#include <numeric>

#include "hw/vaapi/image.h"
#include "hw/vaapi/surface_export.h"

namespace millrace::vaapi {
namespace {

LayoutSample sample_of(const Layout& layout, SurfaceSize size) {
  return {.size = size,
          .stride = layout.plane[0].stride,
          .uv_stride = layout.plane[1].stride,
          .uv_offset = layout.plane[1].offset - layout.plane[0].offset};
}

Result<LayoutSample> derive_sample(const SharedDisplay& display, const Surface& surface,
                                   SurfaceSize size) {
  const Image image = MILLRACE_TRY(Image::derive(display, surface.id(), size));
  return sample_of(image.layout(), size);
}

Result<LayoutSample> export_sample(const SharedDisplay& display, const Surface& surface,
                                   SurfaceSize size) {
  const ExportedSurface exported =
      MILLRACE_TRY(export_surface(display, surface, size, VA_EXPORT_SURFACE_READ_ONLY));
  return sample_of(exported.layout, size);
}

using Sampler = Result<LayoutSample> (*)(const SharedDisplay&, const Surface&, SurfaceSize);

std::optional<LayoutFacts> sample_with(const SharedDisplay& display, Sampler sampler,
                                       const std::string& call) {
  std::vector<LayoutSample> samples;
  for (const uint32_t side : sample_sides) {
    const SurfaceSize size{side, side};
    Result<Surface> surface = create_own_surface(display, size);
    if (!surface) return std::nullopt;
    const Result<LayoutSample> sample = sampler(display, *surface, size);
    if (!sample) return std::nullopt;
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
