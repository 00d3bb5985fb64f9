// SPDX-License-Identifier: MIT
#include "hw/softva/config.h"

#include <algorithm>
#include <bit>

#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

/// Raw units alone by default. With MISC too, and no SEQUENCE, FFmpeg's h264_vaapi writes a
/// buffering period SEI for CBR and VBR, and fails on the SPS that it then never wrote.
uint32_t packed_headers(const Knobs& knobs) {
  switch (knobs.packed) {
    case Knobs::Packed::none:
      return VA_ENC_PACKED_HEADER_NONE;
    case Knobs::Packed::raw:
      return VA_ENC_PACKED_HEADER_RAW_DATA;
    default:
      return VA_ENC_PACKED_HEADER_SEQUENCE | VA_ENC_PACKED_HEADER_PICTURE |
             VA_ENC_PACKED_HEADER_SLICE | VA_ENC_PACKED_HEADER_MISC | VA_ENC_PACKED_HEADER_RAW_DATA;
  }
}

uint32_t rate_controls(const Knobs& knobs) {
  return knobs.cqp_only ? VA_RC_CQP : VA_RC_CQP | VA_RC_CBR | VA_RC_VBR;
}

/// Whether `value` is exactly one of the bits in `offered`.
bool is_one_of(uint32_t value, uint32_t offered) {
  return std::has_single_bit(value) && (value & offered) != 0;
}

Result<> choose(Config& config, const VAConfigAttrib& wanted, const Knobs& knobs) {
  const uint32_t offered = attribute_value(wanted.type, knobs);
  switch (wanted.type) {
    case VAConfigAttribRTFormat:
      if ((wanted.value & offered) == 0) return refuse(VA_STATUS_ERROR_UNSUPPORTED_RT_FORMAT);
      config.rt_format = wanted.value & offered;
      return {};
    case VAConfigAttribRateControl:
      if (!is_one_of(wanted.value, offered)) return refuse(VA_STATUS_ERROR_INVALID_VALUE);
      config.rate_control = wanted.value;
      return {};
    case VAConfigAttribEncPackedHeaders:
      if ((wanted.value & ~offered) != 0) return refuse(VA_STATUS_ERROR_INVALID_VALUE);
      config.packed_headers = wanted.value;
      return {};
    default:
      // What is offered as one value can only be asked for as that.
      if (offered == VA_ATTRIB_NOT_SUPPORTED || wanted.value != offered)
        return refuse(VA_STATUS_ERROR_INVALID_VALUE);
      return {};
  }
}

}  // namespace

std::vector<VAProfile> supported_profiles() {
  return {VAProfileH264High, VAProfileH264Main, VAProfileH264ConstrainedBaseline};
}

VAEntrypoint supported_entrypoint(const Knobs& knobs) {
  return knobs.low_power ? VAEntrypointEncSliceLP : VAEntrypointEncSlice;
}

uint32_t attribute_value(VAConfigAttribType type, const Knobs& knobs) {
  switch (type) {
    case VAConfigAttribRTFormat:
      return VA_RT_FORMAT_YUV420;
    case VAConfigAttribRateControl:
      return rate_controls(knobs);
    case VAConfigAttribEncPackedHeaders:
      return packed_headers(knobs);
    case VAConfigAttribEncInterlaced:
      return VA_ENC_INTERLACED_NONE;
    case VAConfigAttribEncMaxRefFrames:  // One in list 0, none in list 1.
    case VAConfigAttribEncMaxSlices:
      return 1;
    case VAConfigAttribEncSliceStructure:
      return VA_ENC_SLICE_STRUCTURE_ARBITRARY_MACROBLOCKS;
    case VAConfigAttribEncQualityRange:
      return 7;
    case VAConfigAttribMaxPictureWidth:
    case VAConfigAttribMaxPictureHeight:
      return most_picture_size;
    default:
      return VA_ATTRIB_NOT_SUPPORTED;
  }
}

Result<> check_entrypoint(VAProfile profile, VAEntrypoint entrypoint, const Knobs& knobs) {
  const std::vector<VAProfile> profiles = supported_profiles();
  if (std::find(profiles.begin(), profiles.end(), profile) == profiles.end())
    return refuse(VA_STATUS_ERROR_UNSUPPORTED_PROFILE);
  if (entrypoint != supported_entrypoint(knobs))
    return refuse(VA_STATUS_ERROR_UNSUPPORTED_ENTRYPOINT);
  return {};
}

Result<std::shared_ptr<Config>> make_config(VAProfile profile, VAEntrypoint entrypoint,
                                            std::span<const VAConfigAttrib> wanted,
                                            const Knobs& knobs) {
  MILLRACE_TRY(check_entrypoint(profile, entrypoint, knobs));
  auto config = std::make_shared<Config>();
  config->profile = profile;
  config->entrypoint = entrypoint;
  for (const VAConfigAttrib& attribute : wanted) MILLRACE_TRY(choose(*config, attribute, knobs));
  return config;
}

std::vector<VAConfigAttrib> attributes_of(const Config& config) {
  return {{VAConfigAttribRTFormat, config.rt_format},
          {VAConfigAttribRateControl, config.rate_control},
          {VAConfigAttribEncPackedHeaders, config.packed_headers}};
}

}  // namespace millrace::softva
