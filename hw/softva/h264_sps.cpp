// SPDX-License-Identifier: MIT
#include "hw/softva/h264_sps.h"

#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

Failure refuse_sps(const char* why) {
  return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, std::string("packed SPS: ") + why);
}

bool has_chroma_format(uint32_t profile) {
  return profile == 100 || profile == 110 || profile == 122 || profile == 244 || profile == 44;
}

bool parse_chroma_format(BitReader& reader, Sps& sps) {
  sps.chroma_format_idc = reader.ue();
  if (sps.chroma_format_idc > 3) return false;
  if (sps.chroma_format_idc == 3) reader.flag();
  sps.bit_depth_luma_minus8 = reader.ue();
  sps.bit_depth_chroma_minus8 = reader.ue();
  sps.qpprime_y_zero_transform_bypass_flag = reader.flag();
  sps.seq_scaling_matrix_present_flag = reader.flag();
  if (!sps.seq_scaling_matrix_present_flag) return true;
  for (int list = 0; list < (sps.chroma_format_idc == 3 ? 12 : 8); ++list)
    if (reader.flag()) skip_scaling_list(reader, list < 6 ? 16 : 64);
  return true;
}

bool parse_order_count(BitReader& reader, Sps& sps) {
  sps.pic_order_cnt_type = reader.ue();
  if (sps.pic_order_cnt_type == 0) {
    sps.log2_max_pic_order_cnt_lsb_minus4 = reader.ue();
    return sps.log2_max_pic_order_cnt_lsb_minus4 <= 12;
  }
  if (sps.pic_order_cnt_type != 1) return sps.pic_order_cnt_type == 2;
  sps.delta_pic_order_always_zero_flag = reader.flag();
  sps.offset_for_non_ref_pic = reader.se();
  sps.offset_for_top_to_bottom_field = reader.se();
  const uint32_t frames = reader.ue();
  if (frames > 255) return false;
  for (uint32_t i = 0; i < frames; ++i) sps.offset_for_ref_frame.push_back(reader.se());
  return true;
}

bool skip_hrd(BitReader& reader) {
  const uint32_t schedules_minus1 = reader.ue();
  if (schedules_minus1 > 31) return false;
  reader.bits(8);  // bit_rate_scale, cpb_size_scale
  for (uint32_t i = 0; i <= schedules_minus1; ++i) {
    reader.ue();  // bit_rate_value_minus1
    reader.ue();  // cpb_size_value_minus1
    reader.flag();
  }
  reader.bits(20);  // Four lengths.
  return true;
}

/// Colours and where chroma lies: nothing in the VA buffers says them, so only the syntax counts.
bool skip_signal(BitReader& reader) {
  if (reader.flag()) reader.flag();  // overscan
  if (reader.flag()) {
    if (reader.bits(3) > 5) return false;  // video_format
    reader.flag();                         // video_full_range_flag
    if (reader.flag()) {
      for (int i = 0; i < 2; ++i)
        if (reader.bits(8) == 0) return false;  // colour_primaries, transfer_characteristics
      reader.bits(8);                           // matrix_coefficients, where 0 is RGB
    }
  }
  return true;
}

Timing parse_timing(BitReader& reader) {
  Timing timing;
  timing.num_units_in_tick = reader.bits(32);
  timing.time_scale = reader.bits(32);
  timing.fixed_frame_rate_flag = reader.flag();
  return timing;
}

BitstreamRestriction parse_restriction(BitReader& reader) {
  BitstreamRestriction restriction;
  restriction.motion_vectors_over_pic_boundaries_flag = reader.flag();
  restriction.max_bytes_per_pic_denom = reader.ue();
  restriction.max_bits_per_mb_denom = reader.ue();
  restriction.log2_max_mv_length_horizontal = reader.ue();
  restriction.log2_max_mv_length_vertical = reader.ue();
  restriction.max_num_reorder_frames = reader.ue();
  restriction.max_dec_frame_buffering = reader.ue();
  return restriction;
}

bool parse_vui(BitReader& reader, Vui& vui) {
  constexpr uint32_t extended_sar = 255;
  if (reader.flag()) {
    vui.aspect_ratio.emplace();
    vui.aspect_ratio->idc = reader.bits(8);
    if (vui.aspect_ratio->idc == extended_sar) {
      vui.aspect_ratio->sar_width = reader.bits(16);
      vui.aspect_ratio->sar_height = reader.bits(16);
    }
  }
  if (!skip_signal(reader)) return false;
  if (reader.flag()) {
    const uint32_t top = reader.ue();
    const uint32_t bottom = reader.ue();
    if (top > 5 || bottom > 5) return false;  // chroma_sample_loc_type
  }
  if (reader.flag()) vui.timing = parse_timing(reader);
  for (int kind = 0; kind < 2; ++kind) {  // NAL, VCL
    if (!reader.flag()) continue;
    vui.has_hrd = true;
    if (!skip_hrd(reader)) return false;
  }
  if (vui.has_hrd) vui.low_delay_hrd_flag = reader.flag();
  reader.flag();  // pic_struct_present_flag
  if (reader.flag()) vui.restriction = parse_restriction(reader);
  return true;
}

void parse_head(BitReader& reader, Sps& sps) {
  sps.profile_idc = reader.bits(8);
  for (bool& set : sps.constraint_set) set = reader.flag();
  sps.reserved_zero_2bits = reader.bits(2);
  sps.level_idc = reader.bits(8);
  sps.seq_parameter_set_id = reader.ue();
}

void parse_size(BitReader& reader, Sps& sps) {
  sps.max_num_ref_frames = reader.ue();
  sps.gaps_in_frame_num_value_allowed_flag = reader.flag();
  sps.pic_width_in_mbs_minus1 = reader.ue();
  sps.pic_height_in_map_units_minus1 = reader.ue();
  sps.frame_mbs_only_flag = reader.flag();
  if (!sps.frame_mbs_only_flag) sps.mb_adaptive_frame_field_flag = reader.flag();
  sps.direct_8x8_inference_flag = reader.flag();
  if (!reader.flag()) return;
  sps.crop.emplace();
  sps.crop->left = reader.ue();
  sps.crop->right = reader.ue();
  sps.crop->top = reader.ue();
  sps.crop->bottom = reader.ue();
}

}  // namespace

void skip_scaling_list(BitReader& reader, int size) {
  int32_t last = 8;
  int32_t next = 8;
  for (int i = 0; i < size && reader.is_sound(); ++i) {
    if (next != 0) next = static_cast<int32_t>((int64_t{last} + reader.se() + 256) % 256);
    if (next != 0) last = next;
  }
}

Result<Sps> parse_sps(std::span<const uint8_t> rbsp) {
  BitReader reader(rbsp, rbsp.size() * 8);
  Sps sps;
  parse_head(reader, sps);
  if (has_chroma_format(sps.profile_idc) && !parse_chroma_format(reader, sps))
    return refuse_sps("chroma_format_idc is over 3");
  sps.log2_max_frame_num_minus4 = reader.ue();
  if (sps.log2_max_frame_num_minus4 > 12) return refuse_sps("log2_max_frame_num_minus4 is over 12");
  if (!parse_order_count(reader, sps)) return refuse_sps("its picture order count is malformed");
  parse_size(reader, sps);
  if (reader.flag()) {
    sps.vui.emplace();
    if (!parse_vui(reader, *sps.vui)) return refuse_sps("its VUI has a forbidden value");
  }
  if (!reader.is_sound()) return refuse_sps("it ends too early");
  if (!reader.is_at_trailing_bits()) return refuse_sps("it does not end in its trailing bits");
  return sps;
}

}  // namespace millrace::softva
