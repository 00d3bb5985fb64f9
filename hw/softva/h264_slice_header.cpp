// SPDX-License-Identifier: MIT
#include "hw/softva/h264_slice_header.h"

#include "hw/softva/bit_reader.h"
#include "hw/softva/nal.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

Failure refuse_slice(const char* why) {
  return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, std::string("packed slice: ") + why);
}

bool is_inter(SliceKind kind) {
  return kind == SliceKind::p || kind == SliceKind::b;
}

void parse_order_count(BitReader& reader, const Sps& sps, const Pps& pps, SliceHeader& slice) {
  if (sps.pic_order_cnt_type == 0) {
    slice.pic_order_cnt_lsb =
        reader.bits(static_cast<int>(sps.log2_max_pic_order_cnt_lsb_minus4) + 4);
    if (pps.bottom_field_pic_order_in_frame_present_flag)
      slice.delta_pic_order_cnt_bottom = reader.se();
  } else if (sps.pic_order_cnt_type == 1 && !sps.delta_pic_order_always_zero_flag) {
    slice.delta_pic_order_cnt[0] = reader.se();
    if (pps.bottom_field_pic_order_in_frame_present_flag)
      slice.delta_pic_order_cnt[1] = reader.se();
  }
}

/// How many lists a kind of slice has.
int list_count(SliceKind kind) {
  return kind == SliceKind::b ? 2 : is_inter(kind) ? 1 : 0;
}

bool parse_reference_counts(BitReader& reader, const Pps& pps, SliceHeader& slice) {
  slice.num_ref_idx_active_minus1 = {pps.num_ref_idx_l0_default_active_minus1,
                                     pps.num_ref_idx_l1_default_active_minus1};
  if (!is_inter(slice.kind)) return true;
  if (slice.kind == SliceKind::b) slice.direct_spatial_mv_pred_flag = reader.flag();
  slice.num_ref_idx_active_override_flag = reader.flag();
  if (slice.num_ref_idx_active_override_flag)
    for (int list = 0; list < list_count(slice.kind); ++list)
      slice.num_ref_idx_active_minus1[static_cast<size_t>(list)] = reader.ue();
  return slice.num_ref_idx_active_minus1[0] <= 31 && slice.num_ref_idx_active_minus1[1] <= 31;
}

/// ref_pic_list_modification(): commands until 3.
bool parse_list_modification(BitReader& reader, SliceHeader& slice) {
  for (int list = 0; list < list_count(slice.kind); ++list) {
    if (!reader.flag()) continue;
    slice.modifies_ref_pic_lists = true;
    for (uint32_t command = reader.ue(); command != 3; command = reader.ue()) {
      if (command > 2 || !reader.is_sound()) return false;
      reader.ue();
    }
  }
  return true;
}

/// pred_weight_table(), skipped; its content decides nothing here.
void skip_weights(BitReader& reader, const SliceHeader& slice) {
  reader.ue();  // luma_log2_weight_denom
  reader.ue();  // chroma_log2_weight_denom
  for (int list = 0; list < list_count(slice.kind); ++list) {
    const uint32_t last = slice.num_ref_idx_active_minus1[static_cast<size_t>(list)];
    for (uint32_t i = 0; i <= last && reader.is_sound(); ++i)
      for (const int values : {2, 4})  // luma, then both chroma
        if (reader.flag())
          for (int value = 0; value < values; ++value) reader.se();
  }
}

/// dec_ref_pic_marking(): for other than IDR pictures, operations until 0.
bool parse_marking(BitReader& reader, SliceHeader& slice) {
  if (slice.is_idr) {
    slice.no_output_of_prior_pics_flag = reader.flag();
    slice.long_term_reference_flag = reader.flag();
    return true;
  }
  slice.adaptive_ref_pic_marking_mode_flag = reader.flag();
  if (!slice.adaptive_ref_pic_marking_mode_flag) return true;
  int operations = 0;
  for (uint32_t operation = reader.ue(); operation != 0; operation = reader.ue()) {
    if (operation > 6 || !reader.is_sound()) return false;
    const uint32_t argument = operation == 5 ? 0 : reader.ue();
    if (operation == 3) reader.ue();
    slice.only_drops_the_last = ++operations == 1 && operation == 1 && argument == 0;
  }
  return true;
}

void parse_deblocking(BitReader& reader, SliceHeader& slice) {
  slice.disable_deblocking_filter_idc = reader.ue();
  if (slice.disable_deblocking_filter_idc == 1) return;
  slice.slice_alpha_c0_offset_div2 = reader.se();
  slice.slice_beta_offset_div2 = reader.se();
}

/// Whether what is left is nothing, or the ones that align CABAC's first byte.
bool ends_well(BitReader& reader, bool cabac, size_t total_bits) {
  if (reader.left() == 0) return true;
  if (!cabac || reader.left() >= 8 || total_bits % 8 != 0) return false;
  while (reader.left() > 0)
    if (!reader.flag()) return false;
  return true;
}

}  // namespace

Result<SliceHeader> parse_slice_header(const SliceUnit& unit, const Sps& sps, const Pps& pps) {
  BitReader reader(unit.rbsp, unit.bits);
  SliceHeader slice;
  slice.nal_ref_idc = unit.nal_header >> 5U & 3U;
  slice.is_idr = nal_type(unit.nal_header) == nal_idr_slice;
  slice.first_mb_in_slice = reader.ue();
  const uint32_t type = reader.ue();
  if (type > 9) return refuse_slice("slice_type is over 9");
  slice.kind = static_cast<SliceKind>(type % 5);
  if (slice.kind > SliceKind::i) return refuse_slice("SP and SI slices are not of these profiles");
  slice.pic_parameter_set_id = reader.ue();
  slice.frame_num = reader.bits(static_cast<int>(sps.log2_max_frame_num_minus4) + 4);
  if (slice.is_idr) slice.idr_pic_id = reader.ue();
  parse_order_count(reader, sps, pps, slice);
  if (pps.redundant_pic_cnt_present_flag) slice.redundant_pic_cnt = reader.ue();
  if (!parse_reference_counts(reader, pps, slice)) return refuse_slice("over 32 references");
  if (!parse_list_modification(reader, slice)) return refuse_slice("a malformed list modification");
  const bool weighted = (slice.kind == SliceKind::p && pps.weighted_pred_flag) ||
                        (slice.kind == SliceKind::b && pps.weighted_bipred_idc == 1);
  if (weighted) skip_weights(reader, slice);
  if (slice.nal_ref_idc != 0 && !parse_marking(reader, slice))
    return refuse_slice("a malformed reference marking");
  if (pps.entropy_coding_mode_flag && is_inter(slice.kind)) slice.cabac_init_idc = reader.ue();
  slice.slice_qp_delta = reader.se();
  if (pps.deblocking_filter_control_present_flag) parse_deblocking(reader, slice);
  if (!reader.is_sound()) return refuse_slice("it ends too early");
  if (!ends_well(reader, pps.entropy_coding_mode_flag, unit.bits))
    return refuse_slice("bits follow its header");
  return slice;
}

}  // namespace millrace::softva
