// SPDX-License-Identifier: MIT
#include "hw/softva/h264_compare.h"

#include "hw/softva/comparison.h"

namespace millrace::softva {
namespace {

using Sequence = VAEncSequenceParameterBufferH264;
using Picture = VAEncPictureParameterBufferH264;
using Slice = VAEncSliceParameterBufferH264;

enum ProfileIdc : uint32_t { profile_baseline = 66, profile_main = 77, profile_high = 100 };

uint32_t profile_idc(VAProfile profile) {
  switch (profile) {
    case VAProfileH264ConstrainedBaseline:
      return profile_baseline;
    case VAProfileH264Main:
      return profile_main;
    default:
      return profile_high;
  }
}

/// The buffers have no constraint flags; the profile, and that streams here are progressive and
/// without B, leave little freedom. Flags 4 and 5 say just those two things, so a writer sets both
/// or neither.
void compare_constraints(Comparison& check, const Sps& sps, const Sequence& sequence) {
  const bool baseline = sps.profile_idc == profile_baseline;
  const bool intra_only = sequence.intra_period == 1;
  check.holds("constraint_set0 is of Baseline only", baseline || !sps.constraint_set[0]);
  check.same("constraint_set1_flag", sps.constraint_set[1], sps.profile_idc != profile_high);
  check.same("constraint_set2_flag", sps.constraint_set[2], 0);
  check.holds("constraint_set3 is of intra streams only", intra_only || !sps.constraint_set[3]);
  check.same("constraint_set5_flag", sps.constraint_set[5], sps.constraint_set[4]);
  check.holds("constraint_set4 is not of Baseline", !baseline || !sps.constraint_set[4]);
  check.same("reserved_zero_2bits", sps.reserved_zero_2bits, 0);
}

void compare_format(Comparison& check, const Sps& sps, const Sequence& sequence) {
  const auto& fields = sequence.seq_fields.bits;
  check.same("level_idc", sps.level_idc, sequence.level_idc);
  check.same("seq_parameter_set_id", sps.seq_parameter_set_id, sequence.seq_parameter_set_id);
  check.same("chroma_format_idc", sps.chroma_format_idc, fields.chroma_format_idc);
  check.same("bit_depth_luma_minus8", sps.bit_depth_luma_minus8, sequence.bit_depth_luma_minus8);
  check.same("bit_depth_chroma_minus8", sps.bit_depth_chroma_minus8,
             sequence.bit_depth_chroma_minus8);
  check.same("qpprime_y_zero_transform_bypass_flag", sps.qpprime_y_zero_transform_bypass_flag, 0);
  check.same("seq_scaling_matrix_present_flag", sps.seq_scaling_matrix_present_flag,
             fields.seq_scaling_matrix_present_flag);
  check.same("frame_mbs_only_flag", sps.frame_mbs_only_flag, fields.frame_mbs_only_flag);
  check.same("mb_adaptive_frame_field_flag", sps.mb_adaptive_frame_field_flag,
             fields.mb_adaptive_frame_field_flag);
  check.same("direct_8x8_inference_flag", sps.direct_8x8_inference_flag,
             fields.direct_8x8_inference_flag);
}

void compare_order_count_1(Comparison& check, const Sps& sps, const Sequence& sequence) {
  check.same("delta_pic_order_always_zero_flag", sps.delta_pic_order_always_zero_flag,
             sequence.seq_fields.bits.delta_pic_order_always_zero_flag);
  check.same("offset_for_non_ref_pic", sps.offset_for_non_ref_pic, sequence.offset_for_non_ref_pic);
  check.same("offset_for_top_to_bottom_field", sps.offset_for_top_to_bottom_field,
             sequence.offset_for_top_to_bottom_field);
  check.same("num_ref_frames_in_pic_order_cnt_cycle",
             static_cast<int64_t>(sps.offset_for_ref_frame.size()),
             sequence.num_ref_frames_in_pic_order_cnt_cycle);
  for (size_t i = 0; i < sps.offset_for_ref_frame.size(); ++i)
    check.same("offset_for_ref_frame", sps.offset_for_ref_frame[i],
               sequence.offset_for_ref_frame[i]);
}

void compare_order(Comparison& check, const Sps& sps, const Sequence& sequence) {
  const auto& fields = sequence.seq_fields.bits;
  check.same("log2_max_frame_num_minus4", sps.log2_max_frame_num_minus4,
             fields.log2_max_frame_num_minus4);
  check.same("pic_order_cnt_type", sps.pic_order_cnt_type, fields.pic_order_cnt_type);
  if (sps.pic_order_cnt_type == 0)
    check.same("log2_max_pic_order_cnt_lsb_minus4", sps.log2_max_pic_order_cnt_lsb_minus4,
               fields.log2_max_pic_order_cnt_lsb_minus4);
  if (sps.pic_order_cnt_type == 1) compare_order_count_1(check, sps, sequence);
  check.same("max_num_ref_frames", sps.max_num_ref_frames, sequence.max_num_ref_frames);
  check.same("gaps_in_frame_num_value_allowed_flag", sps.gaps_in_frame_num_value_allowed_flag, 0);
}

void compare_size(Comparison& check, const Sps& sps, const Sequence& sequence) {
  const Crop crop = sps.crop.value_or(Crop{});
  check.same("pic_width_in_mbs_minus1", sps.pic_width_in_mbs_minus1,
             int64_t{sequence.picture_width_in_mbs} - 1);
  check.same("pic_height_in_map_units_minus1", sps.pic_height_in_map_units_minus1,
             int64_t{sequence.picture_height_in_mbs} - 1);
  check.same("frame_cropping_flag", sps.crop.has_value(), sequence.frame_cropping_flag);
  if (!sps.crop) return;
  check.same("frame_crop_left_offset", crop.left, sequence.frame_crop_left_offset);
  check.same("frame_crop_right_offset", crop.right, sequence.frame_crop_right_offset);
  check.same("frame_crop_top_offset", crop.top, sequence.frame_crop_top_offset);
  check.same("frame_crop_bottom_offset", crop.bottom, sequence.frame_crop_bottom_offset);
}

void compare_aspect(Comparison& check, const Vui& vui, const Sequence& sequence) {
  constexpr uint32_t extended_sar = 255;
  check.same("aspect_ratio_info_present_flag", vui.aspect_ratio.has_value(),
             sequence.vui_fields.bits.aspect_ratio_info_present_flag);
  if (!vui.aspect_ratio) return;
  check.same("aspect_ratio_idc", vui.aspect_ratio->idc, sequence.aspect_ratio_idc);
  if (vui.aspect_ratio->idc != extended_sar) return;
  check.same("sar_width", vui.aspect_ratio->sar_width, sequence.sar_width);
  check.same("sar_height", vui.aspect_ratio->sar_height, sequence.sar_height);
}

/// FFmpeg sets fixed_frame_rate_flag, and motion_vectors_over_pic_boundaries_flag below, in the
/// packed SPS alone.
void compare_timing(Comparison& check, const Vui& vui, const Sequence& sequence) {
  const auto& fields = sequence.vui_fields.bits;
  check.same("timing_info_present_flag", vui.timing.has_value(), fields.timing_info_present_flag);
  if (!vui.timing) return;
  check.same("num_units_in_tick", vui.timing->num_units_in_tick, sequence.num_units_in_tick);
  check.same("time_scale", vui.timing->time_scale, sequence.time_scale);
  check.holds("the packed SPS has the fixed_frame_rate_flag of the sequence buffer",
              vui.timing->fixed_frame_rate_flag || fields.fixed_frame_rate_flag == 0);
}

/// Nothing is reordered here, so a decoder must be told that it need not wait.
void check_buffering(Comparison& check, const BitstreamRestriction& restriction, const Sps& sps) {
  check.holds("max_bytes_per_pic_denom is at most 16", restriction.max_bytes_per_pic_denom <= 16);
  check.holds("max_bits_per_mb_denom is at most 16", restriction.max_bits_per_mb_denom <= 16);
  check.same("max_num_reorder_frames", restriction.max_num_reorder_frames, 0);
  const uint32_t buffering = restriction.max_dec_frame_buffering;
  check.holds(
      "max_dec_frame_buffering is max_num_ref_frames, or 1 of an intra stream",
      buffering == sps.max_num_ref_frames || (buffering == 1 && sps.max_num_ref_frames == 0));
}

void compare_restriction(Comparison& check, const Vui& vui, const Sequence& sequence) {
  const auto& fields = sequence.vui_fields.bits;
  check.same("bitstream_restriction_flag", vui.restriction.has_value(),
             fields.bitstream_restriction_flag);
  if (!vui.restriction) return;
  check.holds("the packed SPS has the motion_vectors_over_pic_boundaries_flag of the buffer",
              vui.restriction->motion_vectors_over_pic_boundaries_flag ||
                  fields.motion_vectors_over_pic_boundaries_flag == 0);
  check.same("log2_max_mv_length_horizontal", vui.restriction->log2_max_mv_length_horizontal,
             fields.log2_max_mv_length_horizontal);
  check.same("log2_max_mv_length_vertical", vui.restriction->log2_max_mv_length_vertical,
             fields.log2_max_mv_length_vertical);
}

void compare_vui(Comparison& check, const Sps& sps, const Sequence& sequence) {
  const bool in_buffer = sequence.vui_parameters_present_flag != 0;
  check.holds("the packed SPS has the VUI that the sequence buffer announces",
              sps.vui.has_value() || !in_buffer);
  if (!sps.vui) return;
  if (sps.vui->restriction) check_buffering(check, *sps.vui->restriction, sps);
  if (!in_buffer) return;
  compare_aspect(check, *sps.vui, sequence);
  compare_timing(check, *sps.vui, sequence);
  compare_restriction(check, *sps.vui, sequence);
  if (sps.vui->has_hrd)
    check.same("low_delay_hrd_flag", sps.vui->low_delay_hrd_flag,
               sequence.vui_fields.bits.low_delay_hrd_flag);
}

void compare_reference_fields(Comparison& check, const SliceHeader& header, const Slice& slice,
                              const Sps& sps) {
  if (header.kind == SliceKind::i) return;
  check.same("num_ref_idx_active_override_flag", header.num_ref_idx_active_override_flag,
             slice.num_ref_idx_active_override_flag);
  check.same("num_ref_idx_l0_active_minus1", header.num_ref_idx_active_minus1[0],
             slice.num_ref_idx_l0_active_minus1);
  if (header.kind == SliceKind::b) {
    check.same("direct_spatial_mv_pred_flag", header.direct_spatial_mv_pred_flag,
               slice.direct_spatial_mv_pred_flag);
    check.same("num_ref_idx_l1_active_minus1", header.num_ref_idx_active_minus1[1],
               slice.num_ref_idx_l1_active_minus1);
  }
  // A single reference cannot be put in another order, and only be dropped for the next one.
  if (sps.max_num_ref_frames > 1) return;
  check.same("ref_pic_list_modification_flag", header.modifies_ref_pic_lists, 0);
  check.holds("reference marking only drops the last picture",
              !header.adaptive_ref_pic_marking_mode_flag || header.only_drops_the_last);
}

void compare_marking(Comparison& check, const SliceHeader& header, const Slice& slice,
                     const Picture& picture) {
  if (!header.is_idr) return;
  check.same("idr_pic_id", header.idr_pic_id, slice.idr_pic_id);
  check.same("no_output_of_prior_pics_flag", header.no_output_of_prior_pics_flag, 0);
  check.same("long_term_reference_flag", header.long_term_reference_flag,
             (picture.CurrPic.flags & VA_PICTURE_H264_LONG_TERM_REFERENCE) != 0);
}

void compare_filter(Comparison& check, const SliceHeader& header, const Slice& slice,
                    const Picture& picture) {
  if (picture.pic_fields.bits.deblocking_filter_control_present_flag == 0) return;
  check.same("disable_deblocking_filter_idc", header.disable_deblocking_filter_idc,
             slice.disable_deblocking_filter_idc);
  if (header.disable_deblocking_filter_idc == 1) return;
  check.same("slice_alpha_c0_offset_div2", header.slice_alpha_c0_offset_div2,
             slice.slice_alpha_c0_offset_div2);
  check.same("slice_beta_offset_div2", header.slice_beta_offset_div2, slice.slice_beta_offset_div2);
}

}  // namespace

Result<> compare_sps(const Sps& sps, const Sequence& sequence, VAProfile profile) {
  Comparison check("packed SPS");
  check.same("profile_idc", sps.profile_idc, profile_idc(profile));
  compare_constraints(check, sps, sequence);
  compare_format(check, sps, sequence);
  compare_order(check, sps, sequence);
  compare_size(check, sps, sequence);
  compare_vui(check, sps, sequence);
  return check.result();
}

Result<> compare_pps(const Pps& pps, const Picture& picture) {
  const auto& fields = picture.pic_fields.bits;
  Comparison check("packed PPS");
  check.same("pic_parameter_set_id", pps.pic_parameter_set_id, picture.pic_parameter_set_id);
  check.same("seq_parameter_set_id", pps.seq_parameter_set_id, picture.seq_parameter_set_id);
  check.same("entropy_coding_mode_flag", pps.entropy_coding_mode_flag,
             fields.entropy_coding_mode_flag);
  check.same("bottom_field_pic_order_in_frame_present_flag",
             pps.bottom_field_pic_order_in_frame_present_flag, fields.pic_order_present_flag);
  check.same("num_ref_idx_l0_default_active_minus1", pps.num_ref_idx_l0_default_active_minus1,
             picture.num_ref_idx_l0_active_minus1);
  check.same("num_ref_idx_l1_default_active_minus1", pps.num_ref_idx_l1_default_active_minus1,
             picture.num_ref_idx_l1_active_minus1);
  check.same("weighted_pred_flag", pps.weighted_pred_flag, fields.weighted_pred_flag);
  check.same("weighted_bipred_idc", pps.weighted_bipred_idc, fields.weighted_bipred_idc);
  check.same("pic_init_qp", int64_t{pps.pic_init_qp_minus26} + 26, picture.pic_init_qp);
  check.same("pic_init_qs", int64_t{pps.pic_init_qs_minus26} + 26, 26);
  check.same("chroma_qp_index_offset", pps.chroma_qp_index_offset, picture.chroma_qp_index_offset);
  check.same("deblocking_filter_control_present_flag", pps.deblocking_filter_control_present_flag,
             fields.deblocking_filter_control_present_flag);
  check.same("constrained_intra_pred_flag", pps.constrained_intra_pred_flag,
             fields.constrained_intra_pred_flag);
  check.same("redundant_pic_cnt_present_flag", pps.redundant_pic_cnt_present_flag,
             fields.redundant_pic_cnt_present_flag);
  check.same("transform_8x8_mode_flag", pps.transform_8x8_mode_flag,
             fields.transform_8x8_mode_flag);
  check.same("pic_scaling_matrix_present_flag", pps.pic_scaling_matrix_present_flag,
             fields.pic_scaling_matrix_present_flag);
  check.same("second_chroma_qp_index_offset", pps.second_chroma_qp_index_offset,
             picture.second_chroma_qp_index_offset);
  return check.result();
}

Result<> compare_slice(const SliceHeader& header, const Slice& slice, const Picture& picture,
                       const Sps& sps) {
  Comparison check("packed slice");
  const auto& fields = picture.pic_fields.bits;
  check.same("nal_unit_type being IDR's", header.is_idr, fields.idr_pic_flag);
  check.same("nal_ref_idc being other than 0", header.nal_ref_idc != 0,
             fields.reference_pic_flag != 0);
  check.same("first_mb_in_slice", header.first_mb_in_slice, slice.macroblock_address);
  check.same("slice_type", static_cast<int>(header.kind), slice.slice_type % 5);
  check.same("pic_parameter_set_id", header.pic_parameter_set_id, slice.pic_parameter_set_id);
  check.same("frame_num", header.frame_num, picture.frame_num);
  if (sps.pic_order_cnt_type == 0)
    check.same("pic_order_cnt_lsb", header.pic_order_cnt_lsb, slice.pic_order_cnt_lsb);
  check.same("delta_pic_order_cnt_bottom", header.delta_pic_order_cnt_bottom,
             slice.delta_pic_order_cnt_bottom);
  check.same("delta_pic_order_cnt[0]", header.delta_pic_order_cnt[0], slice.delta_pic_order_cnt[0]);
  check.same("delta_pic_order_cnt[1]", header.delta_pic_order_cnt[1], slice.delta_pic_order_cnt[1]);
  check.same("redundant_pic_cnt", header.redundant_pic_cnt, 0);
  compare_reference_fields(check, header, slice, sps);
  compare_marking(check, header, slice, picture);
  if (fields.entropy_coding_mode_flag != 0 && header.kind != SliceKind::i)
    check.same("cabac_init_idc", header.cabac_init_idc, slice.cabac_init_idc);
  check.same("slice_qp_delta", header.slice_qp_delta, slice.slice_qp_delta);
  compare_filter(check, header, slice, picture);
  return check.result();
}

}  // namespace millrace::softva
