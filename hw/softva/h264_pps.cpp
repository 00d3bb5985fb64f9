// SPDX-License-Identifier: MIT
#include "hw/softva/h264_pps.h"

#include "hw/softva/bit_reader.h"
#include "hw/softva/h264_sps.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

Failure refuse_pps(const char* why) {
  return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, std::string("packed PPS: ") + why);
}

void parse_quantisers(BitReader& reader, Pps& pps) {
  pps.pic_init_qp_minus26 = reader.se();
  pps.pic_init_qs_minus26 = reader.se();
  pps.chroma_qp_index_offset = reader.se();
}

/// Absent in the profiles below High.
void parse_high(BitReader& reader, Pps& pps) {
  pps.transform_8x8_mode_flag = reader.flag();
  pps.pic_scaling_matrix_present_flag = reader.flag();
  const int lists = pps.pic_scaling_matrix_present_flag ? (pps.transform_8x8_mode_flag ? 8 : 6) : 0;
  for (int list = 0; list < lists; ++list)
    if (reader.flag()) skip_scaling_list(reader, list < 6 ? 16 : 64);
  pps.second_chroma_qp_index_offset = reader.se();
}

}  // namespace

Result<Pps> parse_pps(std::span<const uint8_t> rbsp) {
  BitReader reader(rbsp, rbsp.size() * 8);
  Pps pps;
  pps.pic_parameter_set_id = reader.ue();
  pps.seq_parameter_set_id = reader.ue();
  pps.entropy_coding_mode_flag = reader.flag();
  pps.bottom_field_pic_order_in_frame_present_flag = reader.flag();
  if (reader.ue() != 0) return refuse_pps("it has slice groups");
  pps.num_ref_idx_l0_default_active_minus1 = reader.ue();
  pps.num_ref_idx_l1_default_active_minus1 = reader.ue();
  pps.weighted_pred_flag = reader.flag();
  pps.weighted_bipred_idc = reader.bits(2);
  parse_quantisers(reader, pps);
  pps.deblocking_filter_control_present_flag = reader.flag();
  pps.constrained_intra_pred_flag = reader.flag();
  pps.redundant_pic_cnt_present_flag = reader.flag();
  pps.second_chroma_qp_index_offset = pps.chroma_qp_index_offset;
  if (reader.is_sound() && !reader.is_at_trailing_bits()) parse_high(reader, pps);
  if (!reader.is_sound()) return refuse_pps("it ends too early");
  if (!reader.is_at_trailing_bits()) return refuse_pps("it does not end in its trailing bits");
  return pps;
}

}  // namespace millrace::softva
