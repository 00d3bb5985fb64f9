// SPDX-License-Identifier: MIT
#include "hw/vaapi/h264_headers.h"

#include <array>

namespace millrace::vaapi {
namespace {

// forbidden_zero_bit, nal_ref_idc and nal_unit_type (§7.4.1): parameter sets and IDR slices carry
// the highest nal_ref_idc, a P slice is a reference too, AUD and SEI are none.
constexpr uint8_t slice_nal = 2 << 5 | 1;
constexpr uint8_t idr_slice_nal = 3 << 5 | 5;
constexpr uint8_t sei_nal = 6;
constexpr uint8_t sps_nal = 3 << 5 | 7;
constexpr uint8_t pps_nal = 3 << 5 | 8;
constexpr uint8_t delimiter_nal = 9;

constexpr uint32_t p_slice = 0;
constexpr uint32_t i_slice = 2;

// Names our SEI messages among everyone's.
constexpr std::array<uint8_t, 16> user_data_uuid = {0x6d, 0x69, 0x6c, 0x6c, 0x72, 0x61, 0x4c, 0x65,
                                                    0x9a, 0x41, 0x5f, 0x0e, 0xc7, 0x1d, 0x88, 0x32};

void write_colour(BitWriter& out, const Colour& colour) {
  constexpr uint32_t format_unspecified = 5;
  out.bits(format_unspecified, 3);
  out.flag(colour.range == ColourRange::full);
  out.flag(true);  // colour_description_present_flag
  out.bits(static_cast<uint32_t>(colour.primaries), 8);
  out.bits(static_cast<uint32_t>(colour.transfer), 8);
  out.bits(static_cast<uint32_t>(colour.matrix), 8);
}

void write_timing(BitWriter& out, const WireRate& rate) {
  // A tick is a field, hence twice the frame rate. Not fixed: pictures come when the source has
  // them, and the rate is the nominal one.
  out.bits(rate.den, 32);
  out.bits(2 * rate.num, 32);
  out.flag(false);  // fixed_frame_rate_flag
}

void write_bitstream_restriction(BitWriter& out) {
  // Without max_num_reorder_frames = 0 a decoder may hold frames back for a reordering that never
  // comes.
  out.flag(true);          // motion_vectors_over_pic_boundaries_flag
  out.unsigned_golomb(0);  // max_bytes_per_pic_denom: no limit
  out.unsigned_golomb(0);  // max_bits_per_mb_denom: no limit
  out.unsigned_golomb(H264Stream::log2_max_mv_length);
  out.unsigned_golomb(H264Stream::log2_max_mv_length);
  out.unsigned_golomb(0);                             // max_num_reorder_frames
  out.unsigned_golomb(H264Stream::reference_frames);  // max_dec_frame_buffering
}

void write_vui(BitWriter& out, const H264Stream& stream) {
  out.flag(true);   // aspect_ratio_info_present_flag
  out.bits(1, 8);   // aspect_ratio_idc: square samples
  out.flag(false);  // overscan_info_present_flag
  out.flag(stream.colour.is_known());
  if (stream.colour.is_known()) write_colour(out, stream.colour);
  out.flag(false);  // chroma_loc_info_present_flag: left, the default
  out.flag(true);   // timing_info_present_flag
  write_timing(out, stream.frame_rate);
  out.flag(false);  // nal_hrd_parameters_present_flag
  out.flag(false);  // vcl_hrd_parameters_present_flag
  out.flag(false);  // pic_struct_present_flag
  out.flag(true);   // bitstream_restriction_flag
  write_bitstream_restriction(out);
}

void write_high_profile_fields(BitWriter& out) {
  out.unsigned_golomb(1);  // chroma_format_idc: 4:2:0
  out.unsigned_golomb(0);  // bit_depth_luma_minus8
  out.unsigned_golomb(0);  // bit_depth_chroma_minus8
  out.flag(false);         // qpprime_y_zero_transform_bypass_flag
  out.flag(false);         // seq_scaling_matrix_present_flag
}

void write_size(BitWriter& out, const H264Stream& stream) {
  out.unsigned_golomb(stream.width_in_mbs - 1);
  out.unsigned_golomb(stream.height_in_mbs - 1);
  out.flag(true);  // frame_mbs_only_flag
  out.flag(true);  // direct_8x8_inference_flag
  out.flag(stream.is_cropped());
  if (!stream.is_cropped()) return;
  out.unsigned_golomb(0);  // left
  out.unsigned_golomb(stream.crop_right());
  out.unsigned_golomb(0);  // top
  out.unsigned_golomb(stream.crop_bottom());
}

void write_sei_number(BitWriter& out, size_t value) {
  for (; value >= 255; value -= 255) out.bits(255, 8);
  out.bits(static_cast<uint32_t>(value), 8);
}

void write_reference_marking(BitWriter& out, bool idr) {
  if (idr) {
    out.flag(false);  // no_output_of_prior_pics_flag
    out.flag(false);  // long_term_reference_flag
  } else {
    out.flag(false);  // adaptive_ref_pic_marking_mode_flag: the sliding window suffices
  }
}

}  // namespace

uint8_t constraint_flags(H264Profile profile) {
  switch (profile) {
    case H264Profile::constrained_baseline:
      return 0xc0;  // set0: Baseline decoders; set1: Main decoders too
    case H264Profile::main:
      return 0x4c;  // set1: Main; set4: frames only; set5: no B slices
    case H264Profile::high:
      return 0x0c;  // set4 and set5
  }
  return 0;
}

NalUnit packed_access_unit_delimiter(bool idr) {
  BitWriter out;
  out.bits(idr ? 0 : 1, 3);  // primary_pic_type: I, or I and P
  out.trailing_bits();
  return make_nal(delimiter_nal, out);
}

NalUnit packed_sequence_parameter_set(const H264Stream& stream) {
  BitWriter out;
  out.bits(static_cast<uint32_t>(stream.profile), 8);
  out.bits(constraint_flags(stream.profile), 8);
  out.bits(stream.level.idc, 8);
  out.unsigned_golomb(0);  // seq_parameter_set_id
  if (stream.profile == H264Profile::high) write_high_profile_fields(out);
  out.unsigned_golomb(H264Stream::frame_num_bits - 4);
  out.unsigned_golomb(0);  // pic_order_cnt_type
  out.unsigned_golomb(H264Stream::poc_lsb_bits - 4);
  out.unsigned_golomb(H264Stream::reference_frames);
  out.flag(false);  // gaps_in_frame_num_value_allowed_flag
  write_size(out, stream);
  out.flag(true);  // vui_parameters_present_flag
  write_vui(out, stream);
  out.trailing_bits();
  return make_nal(sps_nal, out);
}

NalUnit packed_picture_parameter_set(const H264Stream& stream) {
  BitWriter out;
  out.unsigned_golomb(0);  // pic_parameter_set_id
  out.unsigned_golomb(0);  // seq_parameter_set_id
  out.flag(stream.has_cabac());
  out.flag(false);         // bottom_field_pic_order_in_frame_present_flag
  out.unsigned_golomb(0);  // num_slice_groups_minus1
  out.unsigned_golomb(0);  // num_ref_idx_l0_default_active_minus1
  out.unsigned_golomb(0);  // num_ref_idx_l1_default_active_minus1
  out.flag(false);         // weighted_pred_flag
  out.bits(0, 2);          // weighted_bipred_idc
  out.signed_golomb(stream.pic_init_qp - 26);
  out.signed_golomb(0);  // pic_init_qs_minus26
  out.signed_golomb(0);  // chroma_qp_index_offset
  out.flag(true);        // deblocking_filter_control_present_flag
  out.flag(false);       // constrained_intra_pred_flag
  out.flag(false);       // redundant_pic_cnt_present_flag
  if (stream.has_transform_8x8()) {
    out.flag(true);        // transform_8x8_mode_flag
    out.flag(false);       // pic_scaling_matrix_present_flag
    out.signed_golomb(0);  // second_chroma_qp_index_offset
  }
  out.trailing_bits();
  return make_nal(pps_nal, out);
}

NalUnit packed_user_data(std::string_view text) {
  constexpr size_t user_data_unregistered = 5;
  BitWriter out;
  write_sei_number(out, user_data_unregistered);
  write_sei_number(out, user_data_uuid.size() + text.size());
  for (const uint8_t byte : user_data_uuid) out.bits(byte, 8);
  for (const char byte : text) out.bits(static_cast<uint8_t>(byte), 8);
  out.trailing_bits();
  return make_nal(sei_nal, out);
}

NalUnit packed_slice_header(const H264Stream& stream, const H264Picture& picture) {
  BitWriter out;
  out.unsigned_golomb(0);  // first_mb_in_slice
  out.unsigned_golomb(picture.idr ? i_slice : p_slice);
  out.unsigned_golomb(0);  // pic_parameter_set_id
  out.bits(picture.frame_num, H264Stream::frame_num_bits);
  if (picture.idr) out.unsigned_golomb(picture.idr_pic_id);
  out.bits(picture.poc_lsb(), H264Stream::poc_lsb_bits);
  if (!picture.idr) {
    out.flag(false);  // num_ref_idx_active_override_flag
    out.flag(false);  // ref_pic_list_modification_flag_l0
  }
  write_reference_marking(out, picture.idr);
  if (stream.has_cabac() && !picture.idr) out.unsigned_golomb(0);  // cabac_init_idc
  out.signed_golomb(picture.slice_qp_delta);
  out.unsigned_golomb(0);  // disable_deblocking_filter_idc
  out.signed_golomb(0);    // slice_alpha_c0_offset_div2
  out.signed_golomb(0);    // slice_beta_offset_div2
  return make_nal(picture.idr ? idr_slice_nal : slice_nal, out);
}

}  // namespace millrace::vaapi
