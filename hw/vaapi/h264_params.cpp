// SPDX-License-Identifier: MIT
#include "hw/vaapi/h264_params.h"

#include <algorithm>

namespace millrace::vaapi {
namespace {

// iHD keeps the period in 16 bits, and to Mesa 0 means 30: so "only on demand" is a large number.
constexpr uint32_t longest_period = 65'535;

VAPictureH264 no_picture() {
  VAPictureH264 picture{};
  picture.picture_id = VA_INVALID_SURFACE;
  picture.flags = VA_PICTURE_H264_INVALID;
  return picture;
}

VAPictureH264 describe_picture(VASurfaceID surface, const H264Picture& picture, uint32_t flags) {
  VAPictureH264 described{};
  described.picture_id = surface;
  described.frame_idx = picture.frame_num;
  described.flags = flags;
  described.TopFieldOrderCnt = picture.poc;
  described.BottomFieldOrderCnt = picture.poc;
  return described;
}

VAPictureH264 describe_reference(const PictureTargets& targets) {
  if (!targets.reference) return no_picture();
  return describe_picture(targets.reference->surface, targets.reference->picture,
                          VA_PICTURE_H264_SHORT_TERM_REFERENCE);
}

void describe_vui(VAEncSequenceParameterBufferH264& out, const H264Stream& stream) {
  out.vui_parameters_present_flag = 1;
  out.vui_fields.bits.aspect_ratio_info_present_flag = 1;
  out.vui_fields.bits.timing_info_present_flag = 1;
  out.vui_fields.bits.bitstream_restriction_flag = 1;
  out.vui_fields.bits.log2_max_mv_length_horizontal = H264Stream::log2_max_mv_length;
  out.vui_fields.bits.log2_max_mv_length_vertical = H264Stream::log2_max_mv_length;
  out.vui_fields.bits.motion_vectors_over_pic_boundaries_flag = 1;
  out.aspect_ratio_idc = 1;
  out.num_units_in_tick = stream.frame_rate.den;
  out.time_scale = 2 * stream.frame_rate.num;
}

}  // namespace

VAEncSequenceParameterBufferH264 sequence_parameters(const H264Stream& stream) {
  VAEncSequenceParameterBufferH264 out{};
  const uint32_t period =
      stream.idr_period == 0 ? longest_period : std::min(stream.idr_period, longest_period);
  out.level_idc = stream.level.idc;
  out.intra_period = period;
  out.intra_idr_period = period;
  out.ip_period = 1;
  out.bits_per_second = stream.peak_bits_per_second;
  out.max_num_ref_frames = H264Stream::reference_frames;
  out.picture_width_in_mbs = static_cast<uint16_t>(stream.width_in_mbs);
  out.picture_height_in_mbs = static_cast<uint16_t>(stream.height_in_mbs);
  out.seq_fields.bits.chroma_format_idc = 1;
  out.seq_fields.bits.frame_mbs_only_flag = 1;
  out.seq_fields.bits.direct_8x8_inference_flag = 1;
  out.seq_fields.bits.log2_max_frame_num_minus4 = (H264Stream::frame_num_bits - 4) & 15U;
  out.seq_fields.bits.log2_max_pic_order_cnt_lsb_minus4 = (H264Stream::poc_lsb_bits - 4) & 15U;
  out.frame_cropping_flag = stream.is_cropped() ? 1 : 0;
  out.frame_crop_right_offset = stream.crop_right();
  out.frame_crop_bottom_offset = stream.crop_bottom();
  describe_vui(out, stream);
  return out;
}

VAEncPictureParameterBufferH264 picture_parameters(const H264Stream& stream,
                                                   const H264Picture& picture,
                                                   const PictureTargets& targets) {
  VAEncPictureParameterBufferH264 out{};
  out.CurrPic = describe_picture(targets.reconstructed, picture, 0);
  std::fill(std::begin(out.ReferenceFrames), std::end(out.ReferenceFrames), no_picture());
  out.ReferenceFrames[0] = describe_reference(targets);
  out.coded_buf = targets.coded;
  out.frame_num = static_cast<uint16_t>(picture.frame_num);
  out.pic_init_qp = stream.pic_init_qp;
  out.pic_fields.bits.idr_pic_flag = picture.idr;
  out.pic_fields.bits.reference_pic_flag = 1;
  out.pic_fields.bits.entropy_coding_mode_flag = stream.has_cabac();
  out.pic_fields.bits.transform_8x8_mode_flag = stream.has_transform_8x8();
  out.pic_fields.bits.deblocking_filter_control_present_flag = 1;
  return out;
}

VAEncSliceParameterBufferH264 slice_parameters(const H264Stream& stream, const H264Picture& picture,
                                               const PictureTargets& targets) {
  constexpr uint8_t p_slice = 0;
  constexpr uint8_t i_slice = 2;
  VAEncSliceParameterBufferH264 out{};
  out.num_macroblocks = stream.width_in_mbs * stream.height_in_mbs;
  out.macroblock_info = VA_INVALID_ID;
  out.slice_type = picture.idr ? i_slice : p_slice;
  out.idr_pic_id = picture.idr_pic_id;
  out.pic_order_cnt_lsb = static_cast<uint16_t>(picture.poc_lsb());
  out.direct_spatial_mv_pred_flag = 1;
  std::fill(std::begin(out.RefPicList0), std::end(out.RefPicList0), no_picture());
  std::fill(std::begin(out.RefPicList1), std::end(out.RefPicList1), no_picture());
  out.RefPicList0[0] = describe_reference(targets);
  out.slice_qp_delta = picture.slice_qp_delta;
  return out;
}

VAEncMiscParameterRateControl rate_control_parameters(const RateControl& rate) {
  VAEncMiscParameterRateControl out{};
  out.bits_per_second = rate.peak_bits_per_second;
  out.target_percentage = rate.target_percentage;
  out.window_size = static_cast<uint32_t>(uint64_t{1000} * rate.buffer_bits /
                                          std::max<uint32_t>(rate.peak_bits_per_second, 1));
  // Mesa pads every picture of a constant rate up to its budget unless told not to.
  out.rc_flags.bits.disable_bit_stuffing = 1;
  return out;
}

VAEncMiscParameterHRD hrd_parameters(const RateControl& rate) {
  VAEncMiscParameterHRD out{};
  out.buffer_size = rate.buffer_bits;
  out.initial_buffer_fullness = rate.buffer_bits - rate.buffer_bits / 4;
  return out;
}

VAEncMiscParameterFrameRate frame_rate_parameters(const WireRate& rate) {
  VAEncMiscParameterFrameRate out{};
  out.framerate = rate.den << 16 | rate.num;
  return out;
}

std::optional<uint32_t> quality_level(uint8_t preset, uint32_t range) {
  // iHD counts from 1 (best) to 7. Mesa says 32 and means a field of bits, which no level suits.
  constexpr uint32_t most_levels = 7;
  if (range < 2 || range > most_levels) return std::nullopt;
  const uint32_t from_best = 100U - std::min<uint32_t>(preset, 100);
  return 1 + (from_best * (range - 1) + 50) / 100;
}

}  // namespace millrace::vaapi
