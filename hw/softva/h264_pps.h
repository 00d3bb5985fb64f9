// SPDX-License-Identifier: MIT
// The picture parameter set of H.264 as it is written (ITU-T H.264, 7.3.2.2): syntax only. Names
// are the standard's.
#pragma once

#include <cstdint>
#include <span>

#include "engine/base/result.h"

namespace millrace::softva {

struct Pps {
  uint32_t pic_parameter_set_id = 0;
  uint32_t seq_parameter_set_id = 0;
  bool entropy_coding_mode_flag = false;
  bool bottom_field_pic_order_in_frame_present_flag = false;
  uint32_t num_ref_idx_l0_default_active_minus1 = 0;
  uint32_t num_ref_idx_l1_default_active_minus1 = 0;
  bool weighted_pred_flag = false;
  uint32_t weighted_bipred_idc = 0;
  int32_t pic_init_qp_minus26 = 0;
  int32_t pic_init_qs_minus26 = 0;
  int32_t chroma_qp_index_offset = 0;
  bool deblocking_filter_control_present_flag = false;
  bool constrained_intra_pred_flag = false;
  bool redundant_pic_cnt_present_flag = false;
  bool transform_8x8_mode_flag = false;
  bool pic_scaling_matrix_present_flag = false;
  int32_t second_chroma_qp_index_offset = 0;
};

/// Reads what follows the NAL header, emulation prevention removed. Refuses slice groups, what is
/// cut off, and what does not end in exactly its trailing bits.
[[nodiscard]] Result<Pps> parse_pps(std::span<const uint8_t> rbsp);

}  // namespace millrace::softva
