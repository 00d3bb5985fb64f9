// SPDX-License-Identifier: MIT
#include "hw/softva/h264_validate.h"

#include <string>
#include <utility>

#include "hw/softva/h264_compare.h"
#include "hw/softva/h264_slice_header.h"
#include "hw/softva/nal.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

Failure refuse_picture(const std::string& why) {
  return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, "validate: " + why);
}

/// access_unit_delimiter_rbsp(): which kinds of slices the picture may have.
Result<> check_delimiter(const PackedUnit& unit, const Picture& picture) {
  const bool intra = picture.slices.front().slice_type % 5 == 2;
  BitReader reader(unit.rbsp, unit.bits);
  const uint32_t primary_pic_type = reader.bits(3);
  if (!reader.is_at_trailing_bits())
    return refuse_picture("the delimiter does not end in its trailing bits");
  if (primary_pic_type == 0 ? !intra : primary_pic_type > 2)
    return refuse_picture("primary_pic_type " + std::to_string(primary_pic_type) +
                          " does not allow the picture's slices");
  return {};
}

/// A number of SEI's: bytes of 255, then one that is less.
uint64_t read_sei_number(BitReader& reader) {
  uint64_t number = 0;
  uint32_t byte = 0;
  do {
    byte = reader.bits(8);
    number += byte;
  } while (byte == 255 && reader.is_sound());
  return number;
}

Result<> check_sei(const PackedUnit& unit) {
  BitReader reader(unit.rbsp, unit.bits);
  do {
    read_sei_number(reader);  // payloadType
    const uint64_t size = read_sei_number(reader);
    if (!reader.is_sound() || size > reader.left() / 8)
      return refuse_picture("an SEI payload is longer than its unit");
    for (uint64_t i = 0; i < size; ++i) reader.bits(8);
  } while (!reader.is_at_trailing_bits() && reader.left() > 8);
  if (!reader.is_at_trailing_bits())
    return refuse_picture("an SEI unit does not end in its trailing bits");
  return {};
}

}  // namespace

bool H264Validator::is_negotiated(uint32_t header_type) const {
  switch (header_type) {
    case VAEncPackedHeaderSequence:
      return (packed_headers_ & VA_ENC_PACKED_HEADER_SEQUENCE) != 0;
    case VAEncPackedHeaderPicture:
      return (packed_headers_ & VA_ENC_PACKED_HEADER_PICTURE) != 0;
    case VAEncPackedHeaderSlice:
      return (packed_headers_ & VA_ENC_PACKED_HEADER_SLICE) != 0;
    default:
      return (packed_headers_ & (VA_ENC_PACKED_HEADER_MISC | VA_ENC_PACKED_HEADER_RAW_DATA)) != 0;
  }
}

Result<> H264Validator::check(const Picture& picture, const StreamParameters& stream) {
  State next = state_;
  Seen seen;
  for (const PackedHeader& header : picture.packed)
    if (is_negotiated(header.type)) MILLRACE_TRY(check_header(next, seen, header, picture));
  MILLRACE_TRY(check_sets(next, seen, picture, stream));
  MILLRACE_TRY(check_misc(stream, rate_control_));
  MILLRACE_TRY(compare_with_predecessor(picture, *stream.sequence, state_.before));
  next.before = Predecessor{*picture.parameters, picture.slices.front().idr_pic_id};
  state_ = std::move(next);
  return {};
}

Result<> H264Validator::check_header(State& next, Seen& seen, const PackedHeader& header,
                                     const Picture& picture) const {
  const std::vector<PackedUnit> units = MILLRACE_TRY(unpack(header));
  for (const PackedUnit& unit : units) {
    if (!belongs_in(unit.type(), header.type))
      return refuse_picture("a NAL unit of type " + std::to_string(unit.type()) +
                            " in a packed header of type " + std::to_string(header.type));
    if (header.type != VAEncPackedHeaderSlice && unit.bits % 8 != 0)
      return refuse_picture("a packed header ends within a byte");
    if (rank_of(unit.type()) < seen.rank)
      return refuse_picture("a NAL unit of type " + std::to_string(unit.type()) +
                            " comes too late in its picture");
    seen.rank = rank_of(unit.type());
    MILLRACE_TRY(check_unit(next, seen, unit, picture));
  }
  return {};
}

Result<> H264Validator::check_unit(State& next, Seen& seen, const PackedUnit& unit,
                                   const Picture& picture) const {
  const bool is_set = unit.type() == nal_sps || unit.type() == nal_pps;
  if (is_set && (unit.header & 0x60) == 0)
    return refuse_picture("nal_ref_idc of a parameter set is 0");
  switch (unit.type()) {
    case nal_aud:
      return check_delimiter(unit, picture);
    case nal_sei:
      return check_sei(unit);
    case nal_sps:
      next.sps = MILLRACE_TRY(parse_sps(unit.rbsp));
      seen.sps = true;
      return {};
    case nal_pps:
      next.pps = MILLRACE_TRY(parse_pps(unit.rbsp));
      return {};
    default:
      break;
  }
  if (!next.sps || !next.pps) return refuse_picture("a packed slice before any packed SPS and PPS");
  if (seen.slices == picture.slices.size())
    return refuse_picture("there are more packed slices than slice buffers");
  const SliceHeader slice =
      MILLRACE_TRY(parse_slice_header({unit.header, unit.rbsp, unit.bits}, *next.sps, *next.pps));
  const auto& parameters = picture.slices[seen.slices++];
  return compare_slice(slice, parameters, *picture.parameters, *next.sps);
}

Result<> H264Validator::check_sets(const State& next, const Seen& seen, const Picture& picture,
                                   const StreamParameters& stream) const {
  const bool is_idr = picture.parameters->pic_fields.bits.idr_pic_flag != 0;
  if (is_negotiated(VAEncPackedHeaderSequence) && is_idr && !seen.sps)
    return refuse_picture("an IDR picture without a packed SPS");
  if (is_negotiated(VAEncPackedHeaderPicture) && !next.pps)
    return refuse_picture("a picture before any packed PPS");
  if (is_negotiated(VAEncPackedHeaderSlice) && seen.slices != picture.slices.size())
    return refuse_picture(std::to_string(seen.slices) + " packed slices for " +
                          std::to_string(picture.slices.size()) + " slice buffers");
  if (next.sps) MILLRACE_TRY(compare_sps(*next.sps, *stream.sequence, profile_));
  if (next.pps) MILLRACE_TRY(compare_pps(*next.pps, *picture.parameters));
  return {};
}

}  // namespace millrace::softva
