// SPDX-License-Identifier: MIT
// The parameter buffers against the packed headers of the same stream, as libavcodec reads those.
#include "hw/vaapi/h264_params.h"

#include <vector>

#include <gtest/gtest.h>

#include "hw/vaapi/h264_headers.h"
#include "tests/hw/vaapi/header_trace.h"

namespace millrace::vaapi {
namespace {

H264Stream small_stream(H264Profile profile = H264Profile::high) {
  EncoderSettings settings{.width = 322, .height = 182};
  settings.frame_rate = {25, 1};
  Result<H264Stream> stream = describe_stream(
      settings, {.profile = profile, .peak_bits_per_second = 4'000'000, .pic_init_qp = 30});
  EXPECT_TRUE(stream);
  return stream ? stream.take() : H264Stream{};
}

TEST(SequenceParameters, say_what_the_packed_sequence_parameter_set_says) {
  for (const H264Profile profile :
       {H264Profile::constrained_baseline, H264Profile::main, H264Profile::high}) {
    const H264Stream stream = small_stream(profile);
    const testing::HeaderTrace packed =
        testing::trace_headers(packed_sequence_parameter_set(stream).bytes);
    const VAEncSequenceParameterBufferH264 ours = sequence_parameters(stream);
    EXPECT_EQ(packed.complaints, "");
    EXPECT_EQ(ours.seq_parameter_set_id, packed.value("seq_parameter_set_id"));
    EXPECT_EQ(ours.level_idc, packed.value("level_idc"));
    EXPECT_EQ(ours.max_num_ref_frames, packed.value("max_num_ref_frames"));
    EXPECT_EQ(ours.picture_width_in_mbs, *packed.value("pic_width_in_mbs_minus1") + 1);
    EXPECT_EQ(ours.picture_height_in_mbs, *packed.value("pic_height_in_map_units_minus1") + 1);
    const auto& fields = ours.seq_fields.bits;
    EXPECT_EQ(fields.chroma_format_idc, packed.value("chroma_format_idc").value_or(1));
    EXPECT_EQ(fields.frame_mbs_only_flag, packed.value("frame_mbs_only_flag"));
    EXPECT_EQ(fields.direct_8x8_inference_flag, packed.value("direct_8x8_inference_flag"));
    EXPECT_EQ(fields.log2_max_frame_num_minus4, packed.value("log2_max_frame_num_minus4"));
    EXPECT_EQ(fields.pic_order_cnt_type, packed.value("pic_order_cnt_type"));
    EXPECT_EQ(fields.log2_max_pic_order_cnt_lsb_minus4,
              packed.value("log2_max_pic_order_cnt_lsb_minus4"));
    EXPECT_EQ(ours.frame_cropping_flag, packed.value("frame_cropping_flag"));
    EXPECT_EQ(ours.frame_crop_right_offset, packed.value("frame_crop_right_offset"));
    EXPECT_EQ(ours.frame_crop_bottom_offset, packed.value("frame_crop_bottom_offset"));
    EXPECT_EQ(ours.vui_parameters_present_flag, packed.value("vui_parameters_present_flag"));
    EXPECT_EQ(ours.aspect_ratio_idc, packed.value("aspect_ratio_idc"));
    EXPECT_EQ(ours.num_units_in_tick, packed.value("num_units_in_tick"));
    EXPECT_EQ(ours.time_scale, packed.value("time_scale"));
    const auto& vui = ours.vui_fields.bits;
    EXPECT_EQ(vui.timing_info_present_flag, packed.value("timing_info_present_flag"));
    EXPECT_EQ(vui.fixed_frame_rate_flag, packed.value("fixed_frame_rate_flag"));
    EXPECT_EQ(vui.bitstream_restriction_flag, packed.value("bitstream_restriction_flag"));
    EXPECT_EQ(vui.log2_max_mv_length_horizontal, packed.value("log2_max_mv_length_horizontal"));
    EXPECT_EQ(vui.log2_max_mv_length_vertical, packed.value("log2_max_mv_length_vertical"));
    EXPECT_EQ(vui.motion_vectors_over_pic_boundaries_flag,
              packed.value("motion_vectors_over_pic_boundaries_flag"));
  }
}

TEST(SequenceParameters, carry_the_peak_rate_and_a_period_that_is_never_zero) {
  H264Stream stream = small_stream();
  EXPECT_EQ(sequence_parameters(stream).bits_per_second, 4'000'000U);
  EXPECT_EQ(sequence_parameters(stream).intra_idr_period, 65'535U);
  EXPECT_EQ(sequence_parameters(stream).ip_period, 1U);
  stream.idr_period = 60;
  EXPECT_EQ(sequence_parameters(stream).intra_idr_period, 60U);
  EXPECT_EQ(sequence_parameters(stream).intra_period, 60U);
}

TEST(PictureParameters, of_an_idr_have_no_reference) {
  const H264Picture idr = next_picture({}, true);
  const VAEncPictureParameterBufferH264 ours =
      picture_parameters(small_stream(), idr, {.reconstructed = 0, .coded = 7});
  EXPECT_EQ(ours.CurrPic.picture_id, 0U);
  EXPECT_EQ(ours.CurrPic.flags, 0U);
  EXPECT_EQ(ours.coded_buf, 7U);
  EXPECT_EQ(ours.pic_init_qp, 30);
  EXPECT_EQ(ours.pic_fields.bits.idr_pic_flag, 1U);
  EXPECT_EQ(ours.pic_fields.bits.reference_pic_flag, 1U);
  EXPECT_EQ(ours.pic_fields.bits.deblocking_filter_control_present_flag, 1U);
  for (const VAPictureH264& reference : ours.ReferenceFrames) {
    EXPECT_EQ(reference.picture_id, VA_INVALID_SURFACE);
    EXPECT_EQ(reference.flags, static_cast<uint32_t>(VA_PICTURE_H264_INVALID));
  }
}

TEST(PictureParameters, of_a_predicted_picture_have_the_one_before_and_nothing_else) {
  const H264Picture idr = next_picture({}, true);
  const H264Picture second = next_picture(idr, false);
  const PictureTargets targets{.reconstructed = 1, .coded = 7, .reference = Reference{0, idr}};
  const VAEncPictureParameterBufferH264 ours = picture_parameters(small_stream(), second, targets);
  EXPECT_EQ(ours.frame_num, 1);
  EXPECT_EQ(ours.CurrPic.TopFieldOrderCnt, 2);
  EXPECT_EQ(ours.ReferenceFrames[0].picture_id, 0U);
  EXPECT_EQ(ours.ReferenceFrames[0].flags,
            static_cast<uint32_t>(VA_PICTURE_H264_SHORT_TERM_REFERENCE));
  EXPECT_EQ(ours.ReferenceFrames[0].frame_idx, 0U);
  EXPECT_EQ(ours.ReferenceFrames[1].picture_id, VA_INVALID_SURFACE);
  const VAEncSliceParameterBufferH264 slice = slice_parameters(small_stream(), second, targets);
  EXPECT_EQ(slice.RefPicList0[0].picture_id, 0U);
  EXPECT_EQ(slice.RefPicList0[1].picture_id, VA_INVALID_SURFACE);
  EXPECT_EQ(slice.RefPicList1[0].picture_id, VA_INVALID_SURFACE);
}

TEST(PictureParameters, follow_the_profile) {
  const H264Picture idr = next_picture({}, true);
  const auto fields = [&](H264Profile profile) {
    return picture_parameters(small_stream(profile), idr, {}).pic_fields.bits;
  };
  EXPECT_EQ(fields(H264Profile::constrained_baseline).entropy_coding_mode_flag, 0U);
  EXPECT_EQ(fields(H264Profile::main).entropy_coding_mode_flag, 1U);
  EXPECT_EQ(fields(H264Profile::main).transform_8x8_mode_flag, 0U);
  EXPECT_EQ(fields(H264Profile::high).transform_8x8_mode_flag, 1U);
}

TEST(SliceParameters, cover_every_macroblock_and_say_what_the_slice_header_says) {
  const H264Picture idr = next_picture({}, true);
  const VAEncSliceParameterBufferH264 ours = slice_parameters(small_stream(), idr, {});
  EXPECT_EQ(ours.macroblock_address, 0U);
  EXPECT_EQ(ours.num_macroblocks, 21U * 12U);
  EXPECT_EQ(ours.macroblock_info, VA_INVALID_ID);
  EXPECT_EQ(ours.slice_type, 2);
  EXPECT_EQ(ours.idr_pic_id, idr.idr_pic_id);
  EXPECT_EQ(ours.disable_deblocking_filter_idc, 0);
  EXPECT_EQ(slice_parameters(small_stream(), next_picture(idr, false), {}).slice_type, 0);
}

TEST(RateParameters, name_the_peak_and_the_share_of_it_that_is_aimed_at) {
  const RateControl rate{.mode = RateMode::vbr,
                         .peak_bits_per_second = 8'000'000,
                         .target_percentage = 50,
                         .buffer_bits = 8'000'000};
  const VAEncMiscParameterRateControl control = rate_control_parameters(rate);
  EXPECT_EQ(control.bits_per_second, 8'000'000U);
  EXPECT_EQ(control.target_percentage, 50U);
  EXPECT_EQ(control.window_size, 1000U);  // milliseconds
  EXPECT_EQ(control.rc_flags.bits.disable_bit_stuffing, 1U);
  const VAEncMiscParameterHRD hrd = hrd_parameters(rate);
  EXPECT_EQ(hrd.buffer_size, 8'000'000U);
  EXPECT_EQ(hrd.initial_buffer_fullness, 6'000'000U);
}

TEST(FrameRateParameters, hold_the_denominator_in_the_upper_half) {
  EXPECT_EQ(frame_rate_parameters({30000, 1001}).framerate, 1001U << 16 | 30000U);
}

TEST(QualityLevel, spreads_a_preset_over_the_levels_of_the_driver) {
  EXPECT_EQ(quality_level(100, 7), 1U);
  EXPECT_EQ(quality_level(50, 7), 4U);
  EXPECT_EQ(quality_level(0, 7), 7U);
}

TEST(QualityLevel, is_none_where_the_driver_has_no_choice_or_a_field_of_bits) {
  for (const uint8_t preset : {uint8_t{0}, uint8_t{50}, uint8_t{100}}) {
    for (const uint32_t range : {0U, 1U, 8U, 32U}) {
      EXPECT_EQ(quality_level(preset, range), std::nullopt) << range;
    }
  }
}

}  // namespace
}  // namespace millrace::vaapi
