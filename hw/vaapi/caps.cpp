// SPDX-License-Identifier: MIT
#include "hw/vaapi/caps.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <va/va_str.h>

#include "hw/vaapi/status.h"

namespace millrace::vaapi {
namespace {

constexpr std::array<VAProfile, 3> profiles = {VAProfileH264High, VAProfileH264Main,
                                               VAProfileH264ConstrainedBaseline};
constexpr std::array<VAEntrypoint, 2> entrypoints = {VAEntrypointEncSlice, VAEntrypointEncSliceLP};

struct Question {
  VAConfigAttribType type;
  AttributeFact EncodeCaps::*answer;
};

constexpr std::array<Question, 12> questions = {{
    {VAConfigAttribRTFormat, &EncodeCaps::rt_format},
    {VAConfigAttribRateControl, &EncodeCaps::rate_control},
    {VAConfigAttribEncPackedHeaders, &EncodeCaps::packed_headers},
    {VAConfigAttribEncMaxRefFrames, &EncodeCaps::max_references},
    {VAConfigAttribPredictionDirection, &EncodeCaps::prediction_direction},
    {VAConfigAttribEncMaxSlices, &EncodeCaps::max_slices},
    {VAConfigAttribEncSliceStructure, &EncodeCaps::slice_structure},
    {VAConfigAttribEncQualityRange, &EncodeCaps::quality_range},
    {VAConfigAttribMaxPictureWidth, &EncodeCaps::max_width},
    {VAConfigAttribMaxPictureHeight, &EncodeCaps::max_height},
    {VAConfigAttribMaxFrameSize, &EncodeCaps::max_frame_size},
    {VAConfigAttribEncROI, &EncodeCaps::roi},
}};

Result<std::vector<VAProfile>> query_profiles(const Display& display) {
  std::vector<VAProfile> found(static_cast<size_t>(std::max(vaMaxNumProfiles(display.va()), 0)));
  int count = 0;
  MILLRACE_TRY(
      check(vaQueryConfigProfiles(display.va(), found.data(), &count), "vaQueryConfigProfiles"));
  found.resize(static_cast<size_t>(std::clamp(count, 0, static_cast<int>(found.size()))));
  return found;
}

Result<std::vector<VAEntrypoint>> query_entrypoints(const Display& display, VAProfile profile) {
  std::vector<VAEntrypoint> found(
      static_cast<size_t>(std::max(vaMaxNumEntrypoints(display.va()), 0)));
  int count = 0;
  MILLRACE_TRY(check(vaQueryConfigEntrypoints(display.va(), profile, found.data(), &count),
                     std::string("vaQueryConfigEntrypoints for ") + vaProfileStr(profile)));
  found.resize(static_cast<size_t>(std::clamp(count, 0, static_cast<int>(found.size()))));
  return found;
}

AttributeFact answer_of(const VAConfigAttrib& attribute, const std::string& where) {
  AttributeFact fact;
  const std::string call =
      std::string("vaGetConfigAttributes(") + where + ", " + vaConfigAttribTypeStr(attribute.type);
  if (attribute.value == VA_ATTRIB_NOT_SUPPORTED) {
    fact.why = queried(call + "): not supported");
  } else {
    fact.value = attribute.value;
    fact.why = queried(call + "): " + std::to_string(attribute.value));
  }
  return fact;
}

Result<EncodeCaps> query_attributes(const Display& display, VAProfile profile,
                                    VAEntrypoint entrypoint) {
  std::array<VAConfigAttrib, questions.size()> attributes{};
  for (size_t i = 0; i < questions.size(); ++i) {
    attributes[i] = {.type = questions[i].type, .value = VA_ATTRIB_NOT_SUPPORTED};
  }
  const std::string where = std::string(vaProfileStr(profile)) + ", " + vaEntrypointStr(entrypoint);
  MILLRACE_TRY(check(vaGetConfigAttributes(display.va(), profile, entrypoint, attributes.data(),
                                           static_cast<int>(attributes.size())),
                     "vaGetConfigAttributes for " + where));
  EncodeCaps caps{.profile = profile, .entrypoint = entrypoint};
  for (size_t i = 0; i < questions.size(); ++i) {
    caps.*questions[i].answer = answer_of(attributes[i], where);
  }
  return caps;
}

bool takes_420(const EncodeCaps& caps) {
  return (caps.rt_format.value.value_or(VA_RT_FORMAT_YUV420) & VA_RT_FORMAT_YUV420) != 0;
}

template <class T>
bool contains(const std::vector<T>& list, T wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

Result<> add_ways(const Display& display, VAProfile profile, std::vector<EncodeCaps>& ways) {
  const std::vector<VAEntrypoint> usable = MILLRACE_TRY(query_entrypoints(display, profile));
  for (const VAEntrypoint entrypoint : entrypoints) {
    if (!contains(usable, entrypoint)) continue;
    EncodeCaps caps = MILLRACE_TRY(query_attributes(display, profile, entrypoint));
    if (takes_420(caps)) ways.push_back(std::move(caps));
  }
  return {};
}

struct SurfaceField {
  VASurfaceAttribType type;
  const char* name;
  AttributeFact SurfaceCaps::*field;
};

constexpr std::array<SurfaceField, 5> surface_fields = {{
    {VASurfaceAttribMinWidth, "MinWidth", &SurfaceCaps::min_width},
    {VASurfaceAttribMaxWidth, "MaxWidth", &SurfaceCaps::max_width},
    {VASurfaceAttribMinHeight, "MinHeight", &SurfaceCaps::min_height},
    {VASurfaceAttribMaxHeight, "MaxHeight", &SurfaceCaps::max_height},
    {VASurfaceAttribMemoryType, "MemoryType", &SurfaceCaps::memory_types},
}};

void note(SurfaceCaps& caps, const VASurfaceAttrib& attribute) {
  const auto value = static_cast<uint32_t>(attribute.value.value.i);
  if (attribute.type == VASurfaceAttribPixelFormat) caps.pixel_formats.push_back(value);
  for (const SurfaceField& known : surface_fields) {
    if (known.type != attribute.type) continue;
    (caps.*known.field).value = value;
    (caps.*known.field).why = queried(std::string("vaQuerySurfaceAttributes, ") + known.name +
                                      ": " + std::to_string(value));
  }
}

Result<> check_side(uint32_t length, const AttributeFact& min, const AttributeFact& max,
                    const std::string& size) {
  const bool too_small = min.value && length < *min.value;
  const bool too_large = max.value && *max.value != 0 && length > *max.value;
  if (!too_small && !too_large) return {};
  return fail(ErrorKind::unavailable,
              "encode " + size + ": the driver's limit is " + (too_small ? min : max).why.raw,
              too_small ? "scale the picture up" : "scale the picture down");
}

}  // namespace

H264Profile EncodeCaps::h264_profile() const {
  switch (profile) {
    case VAProfileH264High:
      return H264Profile::high;
    case VAProfileH264Main:
      return H264Profile::main;
    default:
      return H264Profile::constrained_baseline;
  }
}

Result<std::vector<EncodeCaps>> probe_h264(const Display& display) {
  const Lock lock(display.mutex());
  const std::vector<VAProfile> offered = MILLRACE_TRY(query_profiles(display));
  std::vector<EncodeCaps> ways;
  std::optional<Error> failure;
  for (const VAProfile profile : profiles) {
    if (!contains(offered, profile)) continue;
    Result<> added = add_ways(display, profile, ways);
    if (!added && !failure) failure = std::move(added.error());
  }
  if (ways.empty() && failure) return fail(*std::move(failure));
  return ways;
}

Result<SurfaceCaps> probe_surfaces(const Display& display, const Config& config) {
  const Lock lock(display.mutex());
  unsigned count = 0;
  MILLRACE_TRY(check(vaQuerySurfaceAttributes(display.va(), config.id(), nullptr, &count),
                     "vaQuerySurfaceAttributes"));
  std::vector<VASurfaceAttrib> attributes(count);
  MILLRACE_TRY(check(vaQuerySurfaceAttributes(display.va(), config.id(), attributes.data(), &count),
                     "vaQuerySurfaceAttributes"));
  attributes.resize(std::min<size_t>(count, attributes.size()));
  SurfaceCaps caps;
  for (const VASurfaceAttrib& attribute : attributes) note(caps, attribute);
  return caps;
}

Result<> check_size(const SurfaceCaps& caps, SurfaceSize size) {
  const std::string text = std::to_string(size.width) + "x" + std::to_string(size.height);
  MILLRACE_TRY(check_side(size.width, caps.min_width, caps.max_width, text));
  return check_side(size.height, caps.min_height, caps.max_height, text);
}

}  // namespace millrace::vaapi
