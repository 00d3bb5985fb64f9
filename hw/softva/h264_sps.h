// SPDX-License-Identifier: MIT
// The sequence parameter set of H.264 as it is written (ITU-T H.264, 7.3.2.1 and E.1): syntax only,
// no opinion. Names are the standard's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/result.h"
#include "hw/softva/bit_reader.h"

namespace millrace::softva {

struct AspectRatio {
  uint32_t idc = 0;
  uint32_t sar_width = 0;   ///< with idc 255 only
  uint32_t sar_height = 0;  ///< with idc 255 only
};

struct Timing {
  uint32_t num_units_in_tick = 0;
  uint32_t time_scale = 0;
  bool fixed_frame_rate_flag = false;
};

struct BitstreamRestriction {
  bool motion_vectors_over_pic_boundaries_flag = false;
  uint32_t max_bytes_per_pic_denom = 0;
  uint32_t max_bits_per_mb_denom = 0;
  uint32_t log2_max_mv_length_horizontal = 0;
  uint32_t log2_max_mv_length_vertical = 0;
  uint32_t max_num_reorder_frames = 0;
  uint32_t max_dec_frame_buffering = 0;
};

struct Vui {
  std::optional<AspectRatio> aspect_ratio;
  bool has_hrd = false;
  bool low_delay_hrd_flag = false;
  std::optional<Timing> timing;
  std::optional<BitstreamRestriction> restriction;
};

struct Crop {
  uint32_t left = 0;
  uint32_t right = 0;
  uint32_t top = 0;
  uint32_t bottom = 0;
};

struct Sps {
  uint32_t profile_idc = 0;
  std::array<bool, 6> constraint_set = {};
  uint32_t reserved_zero_2bits = 0;
  uint32_t level_idc = 0;
  uint32_t seq_parameter_set_id = 0;
  uint32_t chroma_format_idc = 1;
  uint32_t bit_depth_luma_minus8 = 0;
  uint32_t bit_depth_chroma_minus8 = 0;
  bool qpprime_y_zero_transform_bypass_flag = false;
  bool seq_scaling_matrix_present_flag = false;
  uint32_t log2_max_frame_num_minus4 = 0;
  uint32_t pic_order_cnt_type = 0;
  uint32_t log2_max_pic_order_cnt_lsb_minus4 = 0;
  bool delta_pic_order_always_zero_flag = false;
  int32_t offset_for_non_ref_pic = 0;
  int32_t offset_for_top_to_bottom_field = 0;
  std::vector<int32_t> offset_for_ref_frame;
  uint32_t max_num_ref_frames = 0;
  bool gaps_in_frame_num_value_allowed_flag = false;
  uint32_t pic_width_in_mbs_minus1 = 0;
  uint32_t pic_height_in_map_units_minus1 = 0;
  bool frame_mbs_only_flag = false;
  bool mb_adaptive_frame_field_flag = false;
  bool direct_8x8_inference_flag = false;
  std::optional<Crop> crop;
  std::optional<Vui> vui;
};

/// Reads what follows the NAL header, emulation prevention removed. Refuses what the standard
/// forbids, what is cut off, and what does not end in exactly its trailing bits.
[[nodiscard]] Result<Sps> parse_sps(std::span<const uint8_t> rbsp);

/// scaling_list() of `size` values, skipped.
void skip_scaling_list(BitReader& reader, int size);

}  // namespace millrace::softva
