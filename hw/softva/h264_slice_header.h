// SPDX-License-Identifier: MIT
// The slice header of H.264 as it is written (ITU-T H.264, 7.3.3), for progressive frames of 4:2:0:
// syntax only. Names are the standard's.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/base/result.h"
#include "hw/softva/h264_pps.h"
#include "hw/softva/h264_sps.h"

namespace millrace::softva {

enum class SliceKind : uint8_t { p = 0, b = 1, i = 2, sp = 3, si = 4 };

struct SliceHeader {
  uint32_t nal_ref_idc = 0;
  bool is_idr = false;
  uint32_t first_mb_in_slice = 0;
  SliceKind kind = SliceKind::i;
  uint32_t pic_parameter_set_id = 0;
  uint32_t frame_num = 0;
  uint32_t idr_pic_id = 0;
  uint32_t pic_order_cnt_lsb = 0;
  int32_t delta_pic_order_cnt_bottom = 0;
  std::array<int32_t, 2> delta_pic_order_cnt = {};
  uint32_t redundant_pic_cnt = 0;
  bool direct_spatial_mv_pred_flag = false;
  bool num_ref_idx_active_override_flag = false;
  std::array<uint32_t, 2> num_ref_idx_active_minus1 = {};
  bool modifies_ref_pic_lists = false;
  bool no_output_of_prior_pics_flag = false;
  bool long_term_reference_flag = false;
  bool adaptive_ref_pic_marking_mode_flag = false;
  bool only_drops_the_last = false;  ///< what that mode then does, at most
  uint32_t cabac_init_idc = 0;
  int32_t slice_qp_delta = 0;
  uint32_t disable_deblocking_filter_idc = 0;
  int32_t slice_alpha_c0_offset_div2 = 0;
  int32_t slice_beta_offset_div2 = 0;
};

/// One NAL unit as it was packed, emulation prevention removed.
struct SliceUnit {
  uint8_t nal_header = 0;
  std::span<const uint8_t> rbsp;  ///< after the NAL header
  size_t bits = 0;                ///< of it that count
};

/// Refuses what is cut off, and what goes on after the header with anything but CABAC's alignment.
[[nodiscard]] Result<SliceHeader> parse_slice_header(const SliceUnit& unit, const Sps& sps,
                                                     const Pps& pps);

}  // namespace millrace::softva
