// SPDX-License-Identifier: MIT
#include "tests/hw/softva/packed_headers.h"

namespace millrace::softva_test {
namespace {

void nal_header(BitWriter& out, uint32_t ref_idc, uint32_t type) {
  out.bits("forbidden_zero_bit", 0, 1);
  out.bits("nal_ref_idc", ref_idc, 2);
  out.bits("nal_unit_type", type, 5);
}

void set_vui(VAEncSequenceParameterBufferH264& sequence) {
  sequence.vui_parameters_present_flag = 1;
  auto& fields = sequence.vui_fields.bits;
  fields.aspect_ratio_info_present_flag = 1;
  fields.timing_info_present_flag = 1;
  fields.bitstream_restriction_flag = 1;
  fields.log2_max_mv_length_horizontal = 15;
  fields.log2_max_mv_length_vertical = 15;
  fields.fixed_frame_rate_flag = 1;
  fields.motion_vectors_over_pic_boundaries_flag = 1;
  sequence.aspect_ratio_idc = 255;
  sequence.sar_width = 4;
  sequence.sar_height = 3;
  sequence.num_units_in_tick = 1001;
  sequence.time_scale = 60000;
}

void write_vui(BitWriter& out, const VAEncSequenceParameterBufferH264& sequence) {
  out.flag("aspect_ratio_info_present_flag", true);
  out.bits("aspect_ratio_idc", 255, 8);
  out.bits("sar_width", sequence.sar_width, 16);
  out.bits("sar_height", sequence.sar_height, 16);
  out.flag("overscan_info_present_flag", false);
  out.flag("video_signal_type_present_flag", false);
  out.flag("chroma_loc_info_present_flag", false);
  out.flag("timing_info_present_flag", true);
  out.bits("num_units_in_tick", sequence.num_units_in_tick, 32);
  out.bits("time_scale", sequence.time_scale, 32);
  out.flag("fixed_frame_rate_flag", true);
  out.flag("nal_hrd_parameters_present_flag", false);
  out.flag("vcl_hrd_parameters_present_flag", false);
  out.flag("pic_struct_present_flag", false);
  out.flag("bitstream_restriction_flag", true);
  out.flag("motion_vectors_over_pic_boundaries_flag", true);
  out.ue("max_bytes_per_pic_denom", 0);
  out.ue("max_bits_per_mb_denom", 0);
  out.ue("log2_max_mv_length_horizontal", 15);
  out.ue("log2_max_mv_length_vertical", 15);
  out.ue("max_num_reorder_frames", 0);
  out.ue("max_dec_frame_buffering", sequence.max_num_ref_frames);
}

void write_sps(BitWriter& out, const VAEncSequenceParameterBufferH264& sequence) {
  const auto& fields = sequence.seq_fields.bits;
  nal_header(out, 1, 7);
  out.bits("profile_idc", 100, 8);
  for (const char* const name : {"constraint_set0_flag", "constraint_set1_flag",
                                 "constraint_set2_flag", "constraint_set3_flag"})
    out.flag(name, false);
  out.flag("constraint_set4_flag", true);
  out.flag("constraint_set5_flag", true);
  out.bits("reserved_zero_2bits", 0, 2);
  out.bits("level_idc", sequence.level_idc, 8);
  out.ue("seq_parameter_set_id", 0);
  out.ue("chroma_format_idc", 1);
  out.ue("bit_depth_luma_minus8", 0);
  out.ue("bit_depth_chroma_minus8", 0);
  out.flag("qpprime_y_zero_transform_bypass_flag", false);
  out.flag("seq_scaling_matrix_present_flag", false);
  out.ue("log2_max_frame_num_minus4", fields.log2_max_frame_num_minus4);
  out.ue("pic_order_cnt_type", 0);
  out.ue("log2_max_pic_order_cnt_lsb_minus4", fields.log2_max_pic_order_cnt_lsb_minus4);
  out.ue("max_num_ref_frames", sequence.max_num_ref_frames);
  out.flag("gaps_in_frame_num_value_allowed_flag", false);
  out.ue("pic_width_in_mbs_minus1", sequence.picture_width_in_mbs - 1U);
  out.ue("pic_height_in_map_units_minus1", sequence.picture_height_in_mbs - 1U);
  out.flag("frame_mbs_only_flag", true);
  out.flag("direct_8x8_inference_flag", true);
  out.flag("frame_cropping_flag", sequence.frame_cropping_flag != 0);
  if (sequence.frame_cropping_flag != 0) {
    out.ue("frame_crop_left_offset", sequence.frame_crop_left_offset);
    out.ue("frame_crop_right_offset", sequence.frame_crop_right_offset);
    out.ue("frame_crop_top_offset", sequence.frame_crop_top_offset);
    out.ue("frame_crop_bottom_offset", sequence.frame_crop_bottom_offset);
  }
  out.flag("vui_parameters_present_flag", true);
  write_vui(out, sequence);
  out.trailing_bits();
}

void write_pps(BitWriter& out, const VAEncPictureParameterBufferH264& picture) {
  const auto& fields = picture.pic_fields.bits;
  nal_header(out, 1, 8);
  out.ue("pic_parameter_set_id", 0);
  out.ue("seq_parameter_set_id", 0);
  out.flag("entropy_coding_mode_flag", fields.entropy_coding_mode_flag != 0);
  out.flag("bottom_field_pic_order_in_frame_present_flag", false);
  out.ue("num_slice_groups_minus1", 0);
  out.ue("num_ref_idx_l0_default_active_minus1", 0);
  out.ue("num_ref_idx_l1_default_active_minus1", 0);
  out.flag("weighted_pred_flag", false);
  out.bits("weighted_bipred_idc", 0, 2);
  out.se("pic_init_qp_minus26", picture.pic_init_qp - 26);
  out.se("pic_init_qs_minus26", 0);
  out.se("chroma_qp_index_offset", picture.chroma_qp_index_offset);
  out.flag("deblocking_filter_control_present_flag", true);
  out.flag("constrained_intra_pred_flag", false);
  out.flag("redundant_pic_cnt_present_flag", false);
  out.flag("transform_8x8_mode_flag", fields.transform_8x8_mode_flag != 0);
  out.flag("pic_scaling_matrix_present_flag", false);
  out.se("second_chroma_qp_index_offset", picture.second_chroma_qp_index_offset);
  out.trailing_bits();
}

void write_slice(BitWriter& out, const PictureData& data) {
  const auto& picture = *data.picture;
  const auto& slice = data.slices.front();
  const bool is_idr = picture.pic_fields.bits.idr_pic_flag != 0;
  nal_header(out, 1, is_idr ? 5 : 1);
  out.ue("first_mb_in_slice", 0);
  out.ue("slice_type", slice.slice_type);
  out.ue("pic_parameter_set_id", 0);
  out.bits("frame_num", picture.frame_num, 8);
  if (is_idr) out.ue("idr_pic_id", slice.idr_pic_id);
  out.bits("pic_order_cnt_lsb", slice.pic_order_cnt_lsb, 8);
  if (is_idr) {
    out.flag("no_output_of_prior_pics_flag", false);
    out.flag("long_term_reference_flag", false);
  } else {
    out.flag("num_ref_idx_active_override_flag", false);
    out.flag("ref_pic_list_modification_flag_l0", false);
    out.flag("adaptive_ref_pic_marking_mode_flag", false);
    out.ue("cabac_init_idc", slice.cabac_init_idc);
  }
  out.se("slice_qp_delta", slice.slice_qp_delta);
  out.ue("disable_deblocking_filter_idc", slice.disable_deblocking_filter_idc);
  out.se("slice_alpha_c0_offset_div2", slice.slice_alpha_c0_offset_div2);
  out.se("slice_beta_offset_div2", slice.slice_beta_offset_div2);
}

}  // namespace

PictureHeaders write_headers(PictureData& data, const Stream&) {
  PictureHeaders headers;
  if (data.sequence) {
    set_vui(*data.sequence);
    write_sps(headers.sps, *data.sequence);
    write_pps(headers.pps, *data.picture);
  }
  write_slice(headers.slice, data);
  return headers;
}

PackedData packed_as(uint32_t type, const std::vector<bool>& unit) {
  const PackedBits packed = pack(unit);
  return {type, packed.bit_length, packed.bytes, true};
}

void attach(PictureData& data, const PictureHeaders& headers) {
  data.packed.clear();
  if (data.sequence) {
    data.packed.push_back(packed_as(VAEncPackedHeaderSequence, headers.sps.written()));
    data.packed.push_back(packed_as(VAEncPackedHeaderPicture, headers.pps.written()));
  }
  data.packed.push_back(packed_as(VAEncPackedHeaderSlice, headers.slice.written()));
}

}  // namespace millrace::softva_test
