// SPDX-License-Identifier: MIT
#include "hw/softva/job.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <string>

#include "hw/softva/nal.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

using Sequence = VAEncSequenceParameterBufferH264;
using Parameters = VAEncPictureParameterBufferH264;
using Slice = VAEncSliceParameterBufferH264;

constexpr uint32_t macroblock = 16;

Failure refuse_picture(const std::string& why) {
  return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, "encode a picture: " + why);
}

uint32_t in_macroblocks(uint32_t pixels) {
  return (pixels + macroblock - 1) / macroblock;
}

/// List 0 is numbered 0, 2, 1 for P, I, B; 5 more means that all slices are alike.
bool is_intra(const Slice& slice) {
  return slice.slice_type % 5 == 2;
}

/// Ten times each level; 9 is 1b.
bool is_level(uint8_t level_idc) {
  constexpr uint8_t levels[] = {9,  10, 11, 12, 13, 20, 21, 22, 30, 31,
                                32, 40, 41, 42, 50, 51, 52, 60, 61, 62};
  return std::find(std::begin(levels), std::end(levels), level_idc) != std::end(levels);
}

Result<> check_sequence(const Sequence& sequence, Size context) {
  const auto& fields = sequence.seq_fields.bits;
  if (fields.chroma_format_idc != 1 || fields.frame_mbs_only_flag != 1 ||
      sequence.bit_depth_luma_minus8 != 0 || sequence.bit_depth_chroma_minus8 != 0)
    return refuse_picture("the sequence is not progressive 8-bit 4:2:0");
  if (!is_level(sequence.level_idc))
    return refuse_picture("level_idc " + std::to_string(sequence.level_idc) + " is no level");
  if (sequence.picture_width_in_mbs == 0 || sequence.picture_height_in_mbs == 0 ||
      sequence.picture_width_in_mbs > in_macroblocks(context.width) ||
      sequence.picture_height_in_mbs > in_macroblocks(context.height))
    return refuse_picture("the sequence has " + std::to_string(sequence.picture_width_in_mbs) +
                          "x" + std::to_string(sequence.picture_height_in_mbs) +
                          " macroblocks, the context " +
                          std::to_string(in_macroblocks(context.width)) + "x" +
                          std::to_string(in_macroblocks(context.height)));
  return {};
}

/// What is left of `coded` pixels after a crop given in chroma samples.
Result<uint32_t> cropped(uint32_t coded, uint32_t before, uint32_t after) {
  const uint64_t cut = 2 * (uint64_t{before} + after);
  if (cut >= coded)
    return refuse_picture("the crop takes " + std::to_string(cut) + " of " + std::to_string(coded) +
                          " pixels");
  return static_cast<uint32_t>(coded - cut);
}

Fraction frame_rate(const StreamParameters& stream) {
  int64_t num = stream.frame_rate & 0xFFFFU;
  int64_t den = std::max(stream.frame_rate >> 16U, 1U);
  const Sequence& sequence = *stream.sequence;
  if (num == 0 && sequence.vui_fields.bits.timing_info_present_flag != 0) {
    num = sequence.time_scale;
    den = 2 * int64_t{sequence.num_units_in_tick};
  }
  if (num == 0 || den == 0) return {30, 1};
  const int64_t common = std::gcd(num, den);
  num /= common;
  den /= common;
  for (; std::max(num, den) > INT32_MAX / 2; num = (num + 1) / 2, den = (den + 1) / 2) {
  }
  return {num, den};
}

Fraction pixel_aspect(const Sequence& sequence) {
  constexpr uint8_t extended = 255;
  constexpr uint8_t square = 1;
  if (sequence.vui_fields.bits.aspect_ratio_info_present_flag == 0) return {0, 1};
  if (sequence.aspect_ratio_idc == square) return {1, 1};
  if (sequence.aspect_ratio_idc != extended) return {0, 1};
  const bool sane = sequence.sar_width - 1 < 0xFFFF && sequence.sar_height - 1 < 0xFFFF;
  return sane ? Fraction{sequence.sar_width, sequence.sar_height} : Fraction{0, 1};
}

Result<StreamSettings> stream_settings(const Parameters& parameters, const JobContext& context) {
  const Sequence& sequence = *context.stream.sequence;
  const bool crop = sequence.frame_cropping_flag != 0;
  StreamSettings settings;
  settings.width = MILLRACE_TRY(cropped(sequence.picture_width_in_mbs * macroblock,
                                        crop ? sequence.frame_crop_left_offset : 0,
                                        crop ? sequence.frame_crop_right_offset : 0));
  settings.height = MILLRACE_TRY(cropped(sequence.picture_height_in_mbs * macroblock,
                                         crop ? sequence.frame_crop_top_offset : 0,
                                         crop ? sequence.frame_crop_bottom_offset : 0));
  settings.profile = context.config.profile;
  settings.level = sequence.level_idc;
  settings.cabac = parameters.pic_fields.bits.entropy_coding_mode_flag != 0;
  settings.transform_8x8 = parameters.pic_fields.bits.transform_8x8_mode_flag != 0;
  settings.quality = static_cast<int>(std::min(context.stream.quality, 8U));
  settings.fps = frame_rate(context.stream);
  settings.pixel_aspect = pixel_aspect(sequence);
  settings.encoder = context.encoder;
  return settings;
}

Result<RateControl> rate_control(const JobContext& context) {
  RateControl rate;
  rate.mode = context.config.rate_control;
  if (rate.mode == VA_RC_CQP) return rate;
  const StreamParameters& stream = context.stream;
  rate.peak_bits = stream.rate ? stream.rate->bits_per_second : stream.sequence->bits_per_second;
  if (rate.peak_bits == 0)
    return refuse_picture("CBR and VBR need bits_per_second in a rate control or sequence buffer");
  const int64_t percent =
      stream.rate && stream.rate->target_percentage > 0 && rate.mode == VA_RC_VBR
          ? std::min(stream.rate->target_percentage, 100U)
          : 100;
  rate.target_bits = std::max<int64_t>(rate.peak_bits * percent / 100, 1);
  rate.window_bits =
      stream.hrd && stream.hrd->buffer_size > 0 ? stream.hrd->buffer_size : rate.peak_bits;
  rate.initial_bits = stream.hrd ? stream.hrd->initial_buffer_fullness : 0;
  if (stream.rate) {
    rate.min_qp = static_cast<int>(std::min(stream.rate->min_qp, 51U));
    rate.max_qp = static_cast<int>(std::min(stream.rate->max_qp, 51U));
  }
  rate.filler = rate.mode == VA_RC_CBR &&
                (!stream.rate || stream.rate->rc_flags.bits.disable_bit_stuffing == 0);
  return rate;
}

Result<> check_slices(const Picture& picture, const Sequence& sequence) {
  if (picture.slices.empty()) return refuse_picture("it has no slice");
  const uint64_t whole = uint64_t{sequence.picture_width_in_mbs} * sequence.picture_height_in_mbs;
  uint64_t covered = 0;
  for (const Slice& slice : picture.slices) {
    covered += slice.num_macroblocks;
    if (picture.parameters->pic_fields.bits.idr_pic_flag != 0 && !is_intra(slice))
      return refuse_picture("an IDR picture with a slice that is not I");
  }
  if (covered != whole)
    return refuse_picture("its slices cover " + std::to_string(covered) + " of " +
                          std::to_string(whole) + " macroblocks");
  return {};
}

Result<> check_reference(const VAPictureH264& reference, const Objects& objects) {
  const std::shared_ptr<Surface> surface = objects.surfaces.find(reference.picture_id);
  if (!surface) return refuse(VA_STATUS_ERROR_INVALID_SURFACE);
  if (!surface->is_reconstructed)
    return refuse_picture("a reference that was never encoded, surface " +
                          std::to_string(reference.picture_id));
  return {};
}

Result<> check_references(const Picture& picture, const Objects& objects) {
  for (const VAPictureH264& reference : picture.parameters->ReferenceFrames)
    if (reference.picture_id != VA_INVALID_ID && (reference.flags & VA_PICTURE_H264_INVALID) == 0)
      MILLRACE_TRY(check_reference(reference, objects));
  for (const Slice& slice : picture.slices)
    if (!is_intra(slice)) MILLRACE_TRY(check_reference(slice.RefPicList0[0], objects));
  return {};
}

Result<int> quantiser(const Picture& picture) {
  const int qp = picture.parameters->pic_init_qp + picture.slices.front().slice_qp_delta;
  if (qp < 0 || qp > 51)
    return refuse_picture("pic_init_qp + slice_qp_delta is " + std::to_string(qp));
  return qp;
}

Result<> find_surfaces(Job& job, const Picture& picture, const Objects& objects) {
  job.input = picture.input;
  job.reconstructed = objects.surfaces.find(picture.parameters->CurrPic.picture_id);
  if (!job.reconstructed) return refuse(VA_STATUS_ERROR_INVALID_SURFACE);
  if (job.reconstructed == job.input)
    return refuse_picture("input and reconstruction are the same surface");
  return {};
}

Result<> find_output(Job& job, const Picture& picture, const Objects& objects) {
  job.output =
      std::dynamic_pointer_cast<CodedBuffer>(objects.buffers.find(picture.parameters->coded_buf));
  if (!job.output)
    return refuse(VA_STATUS_ERROR_INVALID_BUFFER,
                  "encode a picture: coded_buf " + std::to_string(picture.parameters->coded_buf) +
                      " is no coded buffer");
  return {};
}

/// The units that go into the stream as they are; others were never offered, or are only checked.
std::vector<std::vector<uint8_t>> verbatim_units(const Picture& picture, const Config& config) {
  constexpr uint32_t negotiated = VA_ENC_PACKED_HEADER_RAW_DATA | VA_ENC_PACKED_HEADER_MISC;
  std::vector<std::vector<uint8_t>> units;
  if ((config.packed_headers & negotiated) == 0) return units;
  for (const PackedHeader& header : picture.packed)
    if (header.type == VAEncPackedHeaderRawData)
      units.push_back(header.has_emulation_bytes ? header.bytes
                                                 : with_emulation_prevention(header.bytes));
  return units;
}

}  // namespace

Result<Job> make_job(const Picture& picture, const JobContext& context, const Objects& objects) {
  if (!picture.parameters) return refuse_picture("it has no picture parameters");
  if (!context.stream.sequence) return refuse_picture("no sequence parameters came with the first");
  Job job;
  job.is_idr = picture.parameters->pic_fields.bits.idr_pic_flag != 0;
  if (!job.is_idr && !context.has_key_picture) return refuse_picture("the first must be an IDR");
  const Sequence& sequence = *context.stream.sequence;
  MILLRACE_TRY(check_sequence(sequence, context.size));
  MILLRACE_TRY(check_slices(picture, sequence));
  MILLRACE_TRY(find_surfaces(job, picture, objects));
  MILLRACE_TRY(check_references(picture, objects));
  MILLRACE_TRY(find_output(job, picture, objects));
  job.stream = MILLRACE_TRY(stream_settings(*picture.parameters, context));
  job.rate = MILLRACE_TRY(rate_control(context));
  if (sequence.frame_cropping_flag != 0) {
    job.crop_left = 2 * sequence.frame_crop_left_offset;
    job.crop_top = 2 * sequence.frame_crop_top_offset;
  }
  if (job.rate.mode == VA_RC_CQP) job.qp = MILLRACE_TRY(quantiser(picture));
  job.units = verbatim_units(picture, context.config);
  return job;
}

}  // namespace millrace::softva
