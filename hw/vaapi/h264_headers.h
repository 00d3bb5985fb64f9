// SPDX-License-Identifier: MIT
// The NAL units that we write ourselves: access unit delimiter, SPS, PPS, SEI, slice header. Pure.
//
// Problem: VA parameter buffers cannot say everything (there is no field for colour), and some
// drivers write no headers of their own, or build the hardware's slice header from ours. So each
// header that a driver advertises is packed here and handed over beside the parameter buffers.
//
// Approach: one function per NAL unit, each a transcript of its syntax table in ITU-T H.264 §7.3,
// in the order of that table. All of them read the same H264Stream and H264Picture as
// h264_params.h does. Each NAL comes with its start code and emulation prevention, so that the
// driver is told has_emulation_bytes = 1 and may splice it as it is.
//
// Example: the slice header of the second picture after an IDR, by field:
//   first_mb 0 "1" | P "1" | pps 0 "1" | frame_num 1 "00000001" | poc lsb 2 "00000010" |
//   no override "0" | no list change "0" | sliding window "0" | cabac_init 0 "1" |
//   qp delta 0 "1" | deblocking on "1", offsets "1" "1"
// 27 bits that end in mid-byte: the driver appends the slice data right there.
#pragma once

#include <string_view>

#include "engine/base/export.h"
#include "hw/vaapi/bit_writer.h"
#include "hw/vaapi/h264_stream.h"

namespace millrace::vaapi {

/// Announces a picture whose slices are all intra (`idr`) or intra and predicted.
[[nodiscard]] MILLRACE_API NalUnit packed_access_unit_delimiter(bool idr);
[[nodiscard]] MILLRACE_API NalUnit packed_sequence_parameter_set(const H264Stream& stream);
[[nodiscard]] MILLRACE_API NalUnit packed_picture_parameter_set(const H264Stream& stream);

/// A user_data_unregistered SEI message with our UUID before `text`.
[[nodiscard]] MILLRACE_API NalUnit packed_user_data(std::string_view text);

/// slice_header() alone: neither slice data nor trailing bits.
[[nodiscard]] MILLRACE_API NalUnit packed_slice_header(const H264Stream& stream,
                                                       const H264Picture& picture);

/// constraint_set0_flag … constraint_set5_flag from the most significant bit down, two zero bits.
[[nodiscard]] MILLRACE_API uint8_t constraint_flags(H264Profile profile);

}  // namespace millrace::vaapi
