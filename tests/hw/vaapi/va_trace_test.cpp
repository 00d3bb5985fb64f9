// SPDX-License-Identifier: MIT
// What we send, as libva's own trace tells it: the order of calls and the content of buffers.
#include "tests/hw/vaapi/va_trace.h"

#include <algorithm>
#include <set>
#include <vector>

#include <va/va.h>

#include <gtest/gtest.h>

#include "tests/hw/vaapi/recording.h"
#include "tests/hw/vaapi/software_driver.h"

namespace millrace::vaapi {
namespace {

using testing::named;
using testing::TracedCall;

constexpr uint64_t pictures = 7;
constexpr uint64_t keyint = 3;

std::vector<TracedCall> traced(const std::string& knobs, RateMode mode, uint64_t count = pictures) {
  const testing::VaTrace trace;
  {
    EncoderSettings settings{.width = 322, .height = 182};
    settings.frame_rate = {30000, 1001};
    settings.keyint = keyint;
    settings.rate_mode = mode;
    const testing::Recording recording =
        testing::record(testing::software_driver(knobs), settings, count);
    EXPECT_EQ(recording.pictures.size() + recording.refusals.size(), count);
  }
  return trace.calls();
}

size_t first_of(const std::vector<TracedCall>& calls, std::string_view name) {
  const auto found = std::find_if(calls.begin(), calls.end(),
                                  [name](const TracedCall& call) { return call.name == name; });
  return static_cast<size_t>(found - calls.begin());
}

size_t last_of(const std::vector<TracedCall>& calls, std::string_view name) {
  size_t last = calls.size();
  for (size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].name == name) last = i;
  }
  return last;
}

/// The attributes of the first vaCreateConfig, by type.
std::vector<std::pair<unsigned long, unsigned long>> config_attributes(
    const std::vector<TracedCall>& calls) {
  const std::vector<TracedCall> configs = named(calls, "vaCreateConfig");
  std::vector<std::pair<unsigned long, unsigned long>> attributes;
  if (configs.empty()) return attributes;
  for (unsigned i = 0; i < configs[0].number("num_attribs").value_or(0); ++i) {
    const std::string item = "attrib_list[" + std::to_string(i) + "]";
    attributes.emplace_back(configs[0].number(item + ".type").value_or(~0UL),
                            configs[0].number(item + ".value").value_or(~0UL));
  }
  return attributes;
}

TEST(VaTrace, shows_that_the_driver_is_asked_before_it_is_configured) {
  const std::vector<TracedCall> calls = traced({}, RateMode::cqp);
  EXPECT_LT(last_of(calls, "vaGetConfigAttributes"), first_of(calls, "vaCreateConfig"));
  EXPECT_LT(first_of(calls, "vaQuerySurfaceAttributes"), first_of(calls, "vaCreateSurfaces"));
  EXPECT_LT(last_of(calls, "vaQueryConfigProfiles"), first_of(calls, "vaQueryConfigEntrypoints"));
}

TEST(VaTrace, shows_a_config_of_three_attributes_at_most_each_of_them_offered) {
  const auto attributes = config_attributes(traced("packed=all", RateMode::vbr));
  const std::vector<std::pair<unsigned long, unsigned long>> expected = {
      {VAConfigAttribRTFormat, VA_RT_FORMAT_YUV420},
      {VAConfigAttribRateControl, VA_RC_VBR},
      {VAConfigAttribEncPackedHeaders,
       VA_ENC_PACKED_HEADER_SEQUENCE | VA_ENC_PACKED_HEADER_PICTURE | VA_ENC_PACKED_HEADER_SLICE |
           VA_ENC_PACKED_HEADER_MISC | VA_ENC_PACKED_HEADER_RAW_DATA}};
  ASSERT_EQ(attributes.size(), 3U);
  EXPECT_EQ(attributes[0], expected[0]);
  EXPECT_EQ(attributes[1], expected[1]);
  EXPECT_EQ(attributes[2].first, expected[2].first);
  EXPECT_NE(attributes[2].second & VA_ENC_PACKED_HEADER_SEQUENCE, 0U);
  EXPECT_EQ(attributes[2].second & ~expected[2].second, 0U);
}

TEST(VaTrace, shows_no_attribute_for_packed_headers_where_there_are_none) {
  const auto attributes = config_attributes(traced("packed=none", RateMode::cqp));
  ASSERT_FALSE(attributes.empty());
  for (const auto& [type, value] : attributes) {
    EXPECT_NE(type, static_cast<unsigned long>(VAConfigAttribEncPackedHeaders)) << value;
  }
}

TEST(VaTrace, shows_inputs_of_the_videos_size_and_a_context_of_whole_macroblocks) {
  const std::vector<TracedCall> calls = traced({}, RateMode::cqp);
  const std::vector<TracedCall> contexts = named(calls, "vaCreateContext");
  ASSERT_EQ(contexts.size(), 1U);
  EXPECT_EQ(contexts[0].number("width"), 336U);
  EXPECT_EQ(contexts[0].number("height"), 192U);
  size_t reconstructed = 0;
  size_t inputs = 0;
  for (const TracedCall& call : named(calls, "vaCreateSurfaces")) {
    const auto size = std::pair(*call.number("width"), *call.number("height"));
    if (size == std::pair(336UL, 192UL)) ++reconstructed;
    if (size == std::pair(322UL, 182UL)) ++inputs;
  }
  EXPECT_EQ(reconstructed, 1 + Encoder::depth + 1);  // the reference, those under way, the new one
  EXPECT_EQ(inputs, Encoder::depth + 1);             // one for each buffer, over all the pictures
  EXPECT_TRUE(named(calls, "vaExportSurfaceHandle").empty());
}

TEST(VaTrace, shows_imports_with_the_memory_type_first_one_object_and_a_modifier) {
  size_t imports = 0;
  for (const TracedCall& call : named(traced({}, RateMode::cqp), "vaCreateSurfaces")) {
    if (!call.number("num_objects")) continue;
    ++imports;
    EXPECT_EQ(call.texts("type"), (std::vector<std::string>{"6", "1", "7"}));  // see va.h
    EXPECT_EQ(call.number("num_surfaces"), 1U);
    EXPECT_EQ(call.number("num_objects"), 1U);
    EXPECT_EQ(call.number("objects[0].drm_format_modifier"), 0U);
  }
  EXPECT_GT(imports, 0U);
}

/// The misc and parameter structs of one vaRenderPicture, in order.
std::vector<std::string> structs_of(const TracedCall& render) {
  std::vector<std::string> names;
  for (const std::string& mark : render.marks) {
    if (mark.starts_with("--VAEnc") && !mark.starts_with("--VAEncPacked")) {
      names.push_back(mark.substr(2));
    }
  }
  return names;
}

TEST(VaTrace, shows_the_sequence_with_every_idr_and_with_nothing_else) {
  const std::vector<TracedCall> renders =
      named(traced("packed=all", RateMode::vbr), "vaRenderPicture");
  ASSERT_EQ(renders.size(), pictures);
  for (uint64_t number = 0; number < pictures; ++number) {
    const bool idr = number % keyint == 0;
    EXPECT_EQ(renders[number].number("idr_pic_flag"), idr ? 1U : 0U);
    const std::vector<std::string> types = renders[number].texts("type");
    EXPECT_EQ(std::count(types.begin(), types.end(), "VAEncSequenceParameterBufferType"),
              idr ? 1 : 0);
    EXPECT_EQ(types.front(),
              idr ? "VAEncSequenceParameterBufferType" : "VAEncPictureParameterBufferType");
    EXPECT_EQ(types.back(), "VAEncSliceParameterBufferType");
  }
}

TEST(VaTrace, shows_rate_control_before_the_buffer_model_and_numbers_within_their_bounds) {
  const std::vector<TracedCall> renders = named(traced({}, RateMode::vbr), "vaRenderPicture");
  ASSERT_FALSE(renders.empty());
  const TracedCall& idr = renders.front();
  EXPECT_EQ(structs_of(idr),
            (std::vector<std::string>{
                "VAEncSequenceParameterBufferH264", "VAEncPictureParameterBufferH264",
                "VAEncMiscParameterRateControl", "VAEncMiscParameterHRD",
                "VAEncMiscParameterFrameRate", "VAEncSliceParameterBufferH264"}));
  EXPECT_GT(*idr.number("target_percentage"), 0U);
  EXPECT_LE(*idr.number("target_percentage"), 100U);
  EXPECT_GT(*idr.number("buffer_size"), 0U);
  EXPECT_EQ(idr.number("framerate"), 1001UL << 16 | 30000UL);
}

TEST(VaTrace, shows_a_frame_rate_but_no_buffer_model_at_constant_qp) {
  const TracedCall idr = named(traced({}, RateMode::cqp), "vaRenderPicture").front();
  EXPECT_EQ(structs_of(idr),
            (std::vector<std::string>{
                "VAEncSequenceParameterBufferH264", "VAEncPictureParameterBufferH264",
                "VAEncMiscParameterFrameRate", "VAEncSliceParameterBufferH264"}));
}

TEST(VaTrace, shows_numbers_that_count_references_and_idrs) {
  const std::vector<TracedCall> renders = named(traced({}, RateMode::cqp), "vaRenderPicture");
  ASSERT_EQ(renders.size(), pictures);
  unsigned long last_idr_id = ~0UL;
  for (uint64_t number = 0; number < pictures; ++number) {
    EXPECT_EQ(renders[number].number("frame_num"), number % keyint);
    EXPECT_EQ(renders[number].number("num_macroblocks"), 21UL * 12);
    EXPECT_EQ(renders[number].text("macroblock_info"), "ffffffff");
    if (number % keyint != 0) continue;
    EXPECT_NE(*renders[number].number("idr_pic_id"), last_idr_id);
    last_idr_id = *renders[number].number("idr_pic_id");
  }
}

/// "…-…-0x60000001-…-0x00000008" of the only reference that the trace lists; empty at an IDR.
std::string reference_of(const TracedCall& render) {
  for (const std::string& mark : render.marks) {
    const size_t id = mark.find("-0x");
    if (mark.starts_with("0") && id != std::string::npos) return mark.substr(id + 1, 10);
  }
  return {};
}

TEST(VaTrace, shows_that_input_reconstruction_and_reference_are_three_surfaces) {
  const std::vector<TracedCall> calls = traced({}, RateMode::cqp);
  const std::vector<TracedCall> begins = named(calls, "vaBeginPicture");
  const std::vector<TracedCall> renders = named(calls, "vaRenderPicture");
  ASSERT_EQ(renders.size(), begins.size());
  std::string last_reconstructed;
  for (size_t number = 0; number < renders.size(); ++number) {
    const std::string reconstructed = *renders[number].text("CurrPic.picture_id");
    const std::string reference = reference_of(renders[number]);
    EXPECT_EQ(reference, number % keyint == 0 ? "" : last_reconstructed) << number;
    EXPECT_NE(reconstructed, reference);
    EXPECT_NE(begins[number].text("render_targets"), reconstructed);
    EXPECT_NE(begins[number].text("render_targets"), reference);
    last_reconstructed = reconstructed;
  }
}

TEST(VaTrace, shows_an_end_for_every_begin_even_when_the_render_between_them_fails) {
  const testing::VaTrace trace;
  testing::Recording recording;
  {
    EncoderSettings settings{.width = 322, .height = 182};
    recording = testing::record(testing::software_driver("fail-render=3"), settings, 6);
  }
  const std::vector<TracedCall> calls = trace.calls();
  EXPECT_EQ(recording.refusals.size(), 1U);
  EXPECT_EQ(named(calls, "vaBeginPicture").size(), 6U);
  EXPECT_EQ(named(calls, "vaEndPicture").size(), 6U);
}

TEST(VaTrace, shows_one_map_at_a_time_and_an_unmap_for_each) {
  for (const char* const knobs : {"", "bad=2", "sync=early", "fail-at=4"}) {
    int mapped = 0;
    size_t maps = 0;
    for (const TracedCall& call : traced(knobs, RateMode::cqp)) {
      const bool maps_one = call.name == "vaMapBuffer" && call.succeeded;
      if (maps_one) ++maps;
      if (maps_one) ++mapped;
      if (call.name == "vaUnmapBuffer" && call.succeeded) --mapped;
      EXPECT_GE(mapped, 0) << knobs;
      EXPECT_LE(mapped, 1) << knobs;
    }
    EXPECT_EQ(mapped, 0) << knobs;
    EXPECT_GT(maps, 0U) << knobs;
  }
}

TEST(VaTrace, shows_that_everything_is_destroyed_before_the_driver_is_terminated) {
  const std::vector<TracedCall> calls = traced({}, RateMode::cqp);
  size_t created = 0;
  size_t destroyed = 0;
  for (const char* const kind : {"Config", "Context", "Buffer"}) {
    created += named(calls, std::string("vaCreate") + kind).size();
    destroyed += named(calls, std::string("vaDestroy") + kind).size();
  }
  EXPECT_EQ(created, destroyed);
  EXPECT_EQ(named(calls, "vaCreateSurfaces").size(), named(calls, "vaDestroySurfaces").size());
  EXPECT_EQ(calls.back().name, "vaTerminate");
}

void slow_down_at_five(Encoder& encoder, uint64_t number) {
  if (number != 5) return;
  const Result<> changed = encoder.change_bitrate(100'000, 100'000);
  EXPECT_TRUE(changed);
}

TEST(VaTrace, shows_a_bit_rate_that_changes_on_the_way_without_a_new_context) {
  EncoderSettings settings{.width = 322, .height = 182};
  settings.bitrate = settings.max_bitrate = 400'000;
  const testing::VaTrace trace;
  const testing::Recording recording =
      testing::record(testing::software_driver("validate=1"), settings, 8, slow_down_at_five);
  EXPECT_EQ(recording.packets.size(), 8U);
  EXPECT_EQ(recording.key_tags(), (std::vector<uint64_t>{0}));
  const std::vector<testing::TracedCall> calls = trace.calls();
  EXPECT_EQ(named(calls, "vaCreateContext").size(), 1U);
  const std::vector<testing::TracedCall> renders = named(calls, "vaRenderPicture");
  ASSERT_EQ(renders.size(), 8U);
  for (size_t number = 1; number < 8; ++number) {
    EXPECT_EQ(renders[number].has_mark("--VAEncMiscParameterRateControl"), number == 5) << number;
  }
  EXPECT_EQ(renders[5].texts("bits_per_second").back(), "100000");
}

}  // namespace
}  // namespace millrace::vaapi
