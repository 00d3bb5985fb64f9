// SPDX-License-Identifier: MIT
#include "hw/softva/h264_history.h"

#include <algorithm>
#include <iterator>

#include "hw/softva/comparison.h"

namespace millrace::softva {
namespace {

bool is_unused(const VAPictureH264& reference) {
  return reference.picture_id == VA_INVALID_ID && reference.flags == VA_PICTURE_H264_INVALID;
}

bool all_unused(const VAPictureH264* first, const VAPictureH264* last) {
  return std::all_of(first, last, is_unused);
}

void check_idr(Comparison& check, const Picture& picture,
               const std::optional<Predecessor>& before) {
  const auto& parameters = *picture.parameters;
  const uint16_t id = picture.slices.front().idr_pic_id;
  check.same("frame_num", parameters.frame_num, 0);
  check.same("TopFieldOrderCnt", parameters.CurrPic.TopFieldOrderCnt, 0);
  check.holds("the sequence buffer comes with each IDR", picture.has_sequence);
  check.holds(
      "ReferenceFrames of an IDR are all unused",
      all_unused(std::begin(parameters.ReferenceFrames), std::end(parameters.ReferenceFrames)));
  const bool follows_idr =
      before && before->parameters.pic_fields.bits.idr_pic_flag != 0 && before->idr_pic_id == id;
  check.holds("idr_pic_id differs from that of the IDR just before", !follows_idr);
}

void check_single_reference(Comparison& check, const Picture& picture, const Predecessor& before) {
  const auto& parameters = *picture.parameters;
  const VASurfaceID last = before.parameters.CurrPic.picture_id;
  check.same("ReferenceFrames[0]", parameters.ReferenceFrames[0].picture_id, last);
  check.holds(
      "ReferenceFrames[1…] are all unused",
      all_unused(std::begin(parameters.ReferenceFrames) + 1, std::end(parameters.ReferenceFrames)));
  check.same("RefPicList0[0]", picture.slices.front().RefPicList0[0].picture_id, last);
}

void check_inter(Comparison& check, const Picture& picture,
                 const VAEncSequenceParameterBufferH264& sequence, const Predecessor& before) {
  const auto& parameters = *picture.parameters;
  const uint32_t range = 1U << (sequence.seq_fields.bits.log2_max_frame_num_minus4 + 4U);
  const bool counted = before.parameters.pic_fields.bits.reference_pic_flag != 0;
  check.same("frame_num", parameters.frame_num,
             (before.parameters.frame_num + (counted ? 1U : 0U)) % range);
  check.holds("a sequence buffer comes only with an IDR", !picture.has_sequence);
  if (sequence.max_num_ref_frames == 1 && counted) check_single_reference(check, picture, before);
}

void check_order_count(Comparison& check, const Picture& picture,
                       const VAEncSequenceParameterBufferH264& sequence) {
  const auto& fields = sequence.seq_fields.bits;
  const auto& current = picture.parameters->CurrPic;
  if (fields.pic_order_cnt_type != 0) return;
  const uint32_t mask = (1U << (fields.log2_max_pic_order_cnt_lsb_minus4 + 4U)) - 1;
  check.same("pic_order_cnt_lsb", picture.slices.front().pic_order_cnt_lsb,
             static_cast<uint32_t>(current.TopFieldOrderCnt) & mask);
}

void check_current(Comparison& check, const Picture& picture) {
  const auto& parameters = *picture.parameters;
  check.same("CurrPic.frame_idx", parameters.CurrPic.frame_idx, parameters.frame_num);
  for (const VAPictureH264& reference : parameters.ReferenceFrames)
    check.holds("the reconstruction is none of the references",
                is_unused(reference) || reference.picture_id != parameters.CurrPic.picture_id);
  for (const auto& slice : picture.slices)
    check.same("macroblock_info", slice.macroblock_info, VA_INVALID_ID);
}

}  // namespace

Result<> compare_with_predecessor(const Picture& picture,
                                  const VAEncSequenceParameterBufferH264& sequence,
                                  const std::optional<Predecessor>& before) {
  Comparison check("picture parameters");
  check_current(check, picture);
  check_order_count(check, picture, sequence);
  if (picture.parameters->pic_fields.bits.idr_pic_flag != 0)
    check_idr(check, picture, before);
  else if (before)
    check_inter(check, picture, sequence, *before);
  return check.result();
}

Result<> check_misc(const StreamParameters& stream, uint32_t rate_control) {
  Comparison check("misc parameters");
  const bool cqp = rate_control == VA_RC_CQP;
  check.holds("there is no HRD with constant quantisers", !cqp || !stream.hrd);
  check.holds("the HRD has a size", !stream.hrd || stream.hrd->buffer_size > 0);
  if (stream.rate && !cqp)
    check.holds("target_percentage is 1 to 100",
                stream.rate->target_percentage >= 1 && stream.rate->target_percentage <= 100);
  const uint32_t den = stream.frame_rate >> 16U;
  check.holds("the frame rate's denominator is below 4096", den < 4096);
  return check.result();
}

}  // namespace millrace::softva
