// SPDX-License-Identifier: MIT
#include "hw/vaapi/encode_setup.h"

#include <algorithm>
#include <utility>

#include "hw/vaapi/h264_params.h"

namespace millrace::vaapi {
namespace {

constexpr uint32_t all_packed_headers = VA_ENC_PACKED_HEADER_SEQUENCE |
                                        VA_ENC_PACKED_HEADER_PICTURE | VA_ENC_PACKED_HEADER_SLICE |
                                        VA_ENC_PACKED_HEADER_MISC | VA_ENC_PACKED_HEADER_RAW_DATA;

/// Only what the driver knows, each as one of its own values; an empty mask is not passed at all
/// (i965 refuses it).
std::vector<VAConfigAttrib> config_attributes(const EncodeSetup& setup) {
  std::vector<VAConfigAttrib> attributes;
  if (setup.caps.rt_format.value) {
    attributes.push_back({VAConfigAttribRTFormat, VA_RT_FORMAT_YUV420});
  }
  if (setup.rate.va_mode) {
    attributes.push_back({VAConfigAttribRateControl, *setup.rate.va_mode});
  }
  if (setup.packed_headers != 0) {
    attributes.push_back({VAConfigAttribEncPackedHeaders, setup.packed_headers});
  }
  return attributes;
}

void set_quality(EncodeSetup& setup) {
  if (!setup.settings.quality_preset) return;
  const uint32_t range = setup.caps.quality_range.value.value_or(0);
  setup.quality_level = quality_level(*setup.settings.quality_preset, range);
  if (setup.quality_level) return;
  setup.warnings.emplace_back("the driver has no quality levels from best to fastest (" +
                              setup.caps.quality_range.why.raw + "): the preset has no effect");
}

void note_limits(EncodeSetup& setup) {
  if (!setup.rate.warning.empty()) setup.warnings.push_back(setup.rate.warning);
  if (setup.stream.level.exceeded) {
    setup.warnings.emplace_back(
        "size, frame rate or bit rate are above every H.264 level: some decoders will refuse");
  }
  setup.intra_only = (setup.caps.max_references.value.value_or(0) & 0xffffU) == 0;
  if (setup.intra_only) {
    setup.stream.idr_period = 1;
    setup.warnings.emplace_back("the driver has no references: every picture is a key picture");
  }
}

Result<> check_pixel_format(const SurfaceCaps& caps) {
  const bool has_nv12 = std::find(caps.pixel_formats.begin(), caps.pixel_formats.end(),
                                  VA_FOURCC_NV12) != caps.pixel_formats.end();
  if (has_nv12 || caps.pixel_formats.empty()) return {};
  return fail(ErrorKind::unavailable, "encode NV12: the driver's encoder does not take it",
              "choose another driver or device");
}

}  // namespace

Result<Way> choose_way(const std::vector<EncodeCaps>& ways, const EncoderSettings& settings) {
  std::optional<Way> second_best;
  std::optional<Error> refusal;
  for (const EncodeCaps& caps : ways) {
    Result<RateControl> rate = choose_rate_control(settings, caps.rate_control.value);
    if (!rate) {
      if (!refusal) refusal = rate.error();
      continue;
    }
    if (rate->warning.empty()) return Way{caps, rate.take()};
    if (!second_best) second_best = Way{caps, rate.take()};
  }
  if (second_best) return *std::move(second_best);
  if (refusal) return fail(*std::move(refusal));
  return fail(ErrorKind::unavailable, "encode H.264: the driver has no entry point for it",
              "choose another device, or install a driver that encodes");
}

Result<EncodeSetup> set_up_encoding(SharedDisplay display, const EncoderSettings& settings) {
  const std::vector<EncodeCaps> ways = MILLRACE_TRY(probe_h264(*display));
  EncodeSetup setup{.display = std::move(display), .settings = settings};
  Way way = MILLRACE_TRY(choose_way(ways, settings));
  setup.caps = std::move(way.caps);
  setup.rate = std::move(way.rate);
  setup.stream = MILLRACE_TRY(
      describe_stream(settings, {.profile = setup.caps.h264_profile(),
                                 .peak_bits_per_second = setup.rate.peak_bits_per_second,
                                 .pic_init_qp = setup.rate.qp}));
  setup.packed_headers = setup.caps.packed_headers.value.value_or(0) & all_packed_headers;
  set_quality(setup);
  note_limits(setup);
  setup.config = MILLRACE_TRY(create_config(setup.display, setup.caps.profile,
                                            setup.caps.entrypoint, config_attributes(setup)));
  setup.surfaces = MILLRACE_TRY(probe_surfaces(*setup.display, setup.config));
  MILLRACE_TRY(check_pixel_format(setup.surfaces));
  MILLRACE_TRY(check_size(setup.surfaces, setup.picture_size()));
  return setup;
}

}  // namespace millrace::vaapi
