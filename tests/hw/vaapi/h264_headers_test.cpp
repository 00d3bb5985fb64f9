// SPDX-License-Identifier: MIT
// Each header is read back by libavcodec, element by element, and some are spelled out by hand.
#include "hw/vaapi/h264_headers.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "tests/hw/vaapi/header_trace.h"

namespace millrace::vaapi {
namespace {

using testing::HeaderTrace;
using testing::trace_headers;

H264Stream stream_of(uint32_t width, uint32_t height, H264Profile profile = H264Profile::high) {
  EncoderSettings settings{.width = width, .height = height};
  settings.frame_rate = {30000, 1001};
  Result<H264Stream> stream = describe_stream(settings, {.profile = profile, .pic_init_qp = 20});
  EXPECT_TRUE(stream) << stream.error().what;
  return stream ? stream.take() : H264Stream{};
}

void append(std::vector<uint8_t>& bytes, const NalUnit& nal) {
  bytes.insert(bytes.end(), nal.bytes.begin(), nal.bytes.end());
}

/// A slice header stops in mid-byte; a reader wants cabac_alignment_one_bits and some slice data.
void append_slice(std::vector<uint8_t>& bytes, const NalUnit& header) {
  append(bytes, header);
  const size_t unused_bits = header.bytes.size() * 8 - header.bit_length;
  bytes.back() = static_cast<uint8_t>(bytes.back() | ((1U << unused_bits) - 1));
  bytes.insert(bytes.end(), {0x55, 0x80});
}

HeaderTrace trace_of(const H264Stream& stream, const std::vector<H264Picture>& pictures) {
  std::vector<uint8_t> bytes;
  append(bytes, packed_sequence_parameter_set(stream));
  append(bytes, packed_picture_parameter_set(stream));
  for (const H264Picture& picture : pictures) {
    append_slice(bytes, packed_slice_header(stream, picture));
  }
  return trace_headers(bytes);
}

TEST(AccessUnitDelimiter, tells_intra_pictures_from_predicted_ones) {
  // AUD: nal_unit_type 9, primary_pic_type 0 or 1 in three bits, then the stop bit.
  EXPECT_EQ(packed_access_unit_delimiter(true).bytes,
            (std::vector<uint8_t>{0, 0, 0, 1, 0x09, 0b000'10000}));
  EXPECT_EQ(packed_access_unit_delimiter(false).bytes,
            (std::vector<uint8_t>{0, 0, 0, 1, 0x09, 0b001'10000}));
}

TEST(SequenceParameterSet, has_the_profile_level_and_constraints_that_were_chosen) {
  const std::array<std::pair<H264Profile, std::array<int64_t, 6>>, 3> expected = {{
      {H264Profile::constrained_baseline, {1, 1, 0, 0, 0, 0}},
      {H264Profile::main, {0, 1, 0, 0, 1, 1}},
      {H264Profile::high, {0, 0, 0, 0, 1, 1}},
  }};
  for (const auto& [profile, flags] : expected) {
    const HeaderTrace trace = trace_of(stream_of(1920, 1080, profile), {});
    EXPECT_EQ(trace.complaints, "");
    EXPECT_EQ(trace.value("profile_idc"), static_cast<int64_t>(profile));
    EXPECT_EQ(trace.value("level_idc"), 40);
    for (size_t i = 0; i < flags.size(); ++i) {
      EXPECT_EQ(trace.value("constraint_set" + std::to_string(i) + "_flag"), flags[i]) << i;
    }
    EXPECT_EQ(trace.value("seq_parameter_set_id"), 0);
  }
}

TEST(SequenceParameterSet, crops_to_the_size_of_the_video) {
  struct Case {
    uint32_t width, height, crop_right, crop_bottom;
  };

  for (const Case& each : {Case{1920, 1080, 0, 4}, Case{322, 182, 7, 5}, Case{1366, 768, 5, 0},
                           Case{16, 16, 0, 0}, Case{4096, 2160, 0, 0}, Case{2, 2, 7, 7}}) {
    const HeaderTrace trace = trace_of(stream_of(each.width, each.height), {});
    EXPECT_EQ(trace.complaints, "");
    const int64_t right = trace.value("frame_crop_right_offset").value_or(0);
    const int64_t bottom = trace.value("frame_crop_bottom_offset").value_or(0);
    EXPECT_EQ(right, each.crop_right);
    EXPECT_EQ(bottom, each.crop_bottom);
    EXPECT_EQ(trace.value("frame_cropping_flag"), right + bottom > 0 ? 1 : 0);
    EXPECT_EQ((*trace.value("pic_width_in_mbs_minus1") + 1) * 16 - 2 * right, each.width);
    EXPECT_EQ((*trace.value("pic_height_in_map_units_minus1") + 1) * 16 - 2 * bottom, each.height);
  }
}

TEST(SequenceParameterSet, has_colour_as_asked_and_none_where_nothing_is_known) {
  H264Stream stream = stream_of(1920, 1080);
  EXPECT_EQ(trace_of(stream, {}).value("video_signal_type_present_flag"), 0);
  stream.colour = {ColourRange::full, ColourPrimaries::bt2020, ColourTransfer::pq,
                   ColourMatrix::bt601};
  const HeaderTrace trace = trace_of(stream, {});
  EXPECT_EQ(trace.complaints, "");
  EXPECT_EQ(trace.value("video_format"), 5);
  EXPECT_EQ(trace.value("video_full_range_flag"), 1);
  EXPECT_EQ(trace.value("colour_primaries"), 9);
  EXPECT_EQ(trace.value("transfer_characteristics"), 16);
  EXPECT_EQ(trace.value("matrix_coefficients"), 6);
}

TEST(SequenceParameterSet, tells_decoders_the_rate_and_that_nothing_is_reordered) {
  const HeaderTrace trace = trace_of(stream_of(1920, 1080), {});
  EXPECT_EQ(trace.value("num_units_in_tick"), 1001);
  EXPECT_EQ(trace.value("time_scale"), 60000);
  EXPECT_EQ(trace.value("bitstream_restriction_flag"), 1);
  EXPECT_EQ(trace.value("max_num_reorder_frames"), 0);
  EXPECT_EQ(trace.value("max_dec_frame_buffering"), 1);
  EXPECT_EQ(trace.value("max_num_ref_frames"), 1);
}

TEST(PictureParameterSet, follows_the_profile) {
  const HeaderTrace baseline = trace_of(stream_of(64, 64, H264Profile::constrained_baseline), {});
  EXPECT_EQ(baseline.value("entropy_coding_mode_flag"), 0);
  EXPECT_EQ(baseline.value("transform_8x8_mode_flag"), std::nullopt);
  const HeaderTrace main = trace_of(stream_of(64, 64, H264Profile::main), {});
  EXPECT_EQ(main.value("entropy_coding_mode_flag"), 1);
  EXPECT_EQ(main.value("transform_8x8_mode_flag"), std::nullopt);
  const HeaderTrace high = trace_of(stream_of(64, 64), {});
  EXPECT_EQ(high.complaints, "");
  EXPECT_EQ(high.value("transform_8x8_mode_flag"), 1);
  EXPECT_EQ(high.value("pic_parameter_set_id"), 0);
  EXPECT_EQ(high.value("pic_init_qp_minus26"), -6);
  EXPECT_EQ(high.value("deblocking_filter_control_present_flag"), 1);
}

TEST(SliceHeader, of_the_second_picture_is_the_example_of_the_header_file) {
  const H264Picture second = next_picture(next_picture({}, true), false);
  const NalUnit nal = packed_slice_header(stream_of(64, 64), second);
  // 111 00000001 00000010 000 1 1 1 1 1, after the start code and a P reference's header byte.
  EXPECT_EQ(nal.bytes, (std::vector<uint8_t>{0, 0, 0, 1, 0x41, 0b1110'0000, 0b0010'0000,
                                             0b0100'0011, 0b1110'0000}));
  EXPECT_EQ(nal.bit_length, 5 * 8 + 27U);
}

TEST(SliceHeader, matches_its_picture_over_a_wrap_of_every_counter) {
  const H264Stream stream = stream_of(64, 64);
  std::vector<H264Picture> pictures = {next_picture({}, true)};
  for (int i = 0; i < 300; ++i) pictures.push_back(next_picture(pictures.back(), false));
  pictures.push_back(next_picture(pictures.back(), true));
  const HeaderTrace trace = trace_of(stream, pictures);
  EXPECT_EQ(trace.complaints, "");
  const std::vector<int64_t> frame_nums = trace.values("frame_num");
  const std::vector<int64_t> pocs = trace.values("pic_order_cnt_lsb");
  ASSERT_EQ(frame_nums.size(), 302U);
  for (size_t i = 0; i < 301; ++i) {
    EXPECT_EQ(frame_nums[i], static_cast<int64_t>(i % 256));
    EXPECT_EQ(pocs[i], static_cast<int64_t>(2 * i % 256));
  }
  EXPECT_EQ(frame_nums.back(), 0);
  EXPECT_EQ(pocs.back(), 0);
  const std::vector<int64_t> idr_ids = trace.values("idr_pic_id");
  ASSERT_EQ(idr_ids.size(), 2U);
  EXPECT_NE(idr_ids[0], idr_ids[1]);
}

TEST(SliceHeader, is_an_intra_slice_of_an_idr_unit_or_a_predicted_one_of_another) {
  const H264Picture first = next_picture({}, true);
  const HeaderTrace trace = trace_of(stream_of(64, 64), {first, next_picture(first, false)});
  EXPECT_EQ(trace.values("nal_unit_type"), (std::vector<int64_t>{7, 8, 5, 1}));
  EXPECT_EQ(trace.values("slice_type"), (std::vector<int64_t>{2, 0}));
  for (const int64_t ref_idc : trace.values("nal_ref_idc")) EXPECT_NE(ref_idc, 0);
}

TEST(SliceHeader, carries_the_qp_of_its_picture) {
  H264Picture picture = next_picture({}, true);
  picture.slice_qp_delta = -7;
  EXPECT_EQ(trace_of(stream_of(64, 64), {picture}).value("slice_qp_delta"), -7);
}

TEST(UserData, is_an_unregistered_message_of_any_length) {
  for (const size_t length : {size_t{0}, size_t{8}, size_t{300}}) {
    const NalUnit nal = packed_user_data(std::string(length, 'x'));
    const HeaderTrace trace = trace_headers(nal.bytes);
    EXPECT_EQ(trace.complaints, "");
    EXPECT_EQ(trace.value("nal_unit_type"), 6);
    // A number above 254 goes over several bytes; the last one is what remains.
    EXPECT_EQ(trace.values("last_payload_type_byte"), (std::vector<int64_t>{5}));
    EXPECT_EQ(trace.values("last_payload_size_byte"),
              (std::vector<int64_t>{static_cast<int64_t>((16 + length) % 255)}));
  }
}

TEST(StreamDescription, refuses_what_h264_cannot_hold) {
  for (const auto& [width, height] : {std::pair{0U, 16U}, std::pair{16U, 0U}, std::pair{15U, 16U},
                                      std::pair{16U, 17U}, std::pair{100'000U, 16U}}) {
    const Result<H264Stream> stream = describe_stream({.width = width, .height = height}, {});
    ASSERT_FALSE(stream);
    EXPECT_EQ(stream.error().kind, ErrorKind::usage);
    EXPECT_FALSE(stream.error().remedy.empty());
  }
}

TEST(WireRate, keeps_a_rate_that_fits_and_comes_near_to_one_that_does_not) {
  EXPECT_EQ(wire_rate({30000, 1001}), (WireRate{30000, 1001}));
  EXPECT_EQ(wire_rate({60, 2}), (WireRate{30, 1}));
  EXPECT_EQ(wire_rate({90'000'000, 3'003'000}), (WireRate{30000, 1001}));
  const WireRate odd = wire_rate({1'000'003, 33'367});
  EXPECT_LT(odd.num, 65'536U);
  EXPECT_LT(odd.den, 4'096U);
  EXPECT_NEAR(static_cast<double>(odd.num) / odd.den, 1'000'003.0 / 33'367, 1e-4);
  EXPECT_EQ(wire_rate({1'000'000, 1}), (WireRate{65'535, 1}));
  EXPECT_EQ(wire_rate({1, 1'000'000}), (WireRate{1, 4'095}));
  EXPECT_EQ(wire_rate({0, 0}), (WireRate{30, 1}));
}

}  // namespace
}  // namespace millrace::vaapi
