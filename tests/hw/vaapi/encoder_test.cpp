// SPDX-License-Identifier: MIT
// The encoder on the real software driver, its stream read back by libavcodec.
#include "hw/vaapi/encoder.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/hw/vaapi/decoded.h"
#include "tests/hw/vaapi/header_trace.h"
#include "tests/hw/vaapi/recording.h"
#include "tests/hw/vaapi/software_driver.h"

namespace millrace::vaapi {
namespace {

using testing::Decoded;
using testing::Recording;

EncoderSettings small() {
  return {.width = 322, .height = 182};
}

void expect_faithful(const Recording& recording, uint64_t count, uint32_t width, uint32_t height) {
  EXPECT_TRUE(recording.refusals.empty()) << recording.refusals.front();
  EXPECT_TRUE(recording.dropped_tags().empty());
  const Decoded decoded = testing::decode(recording.packets);
  EXPECT_EQ(decoded.complaints, "");
  EXPECT_EQ(decoded.reordering, 0);
  ASSERT_EQ(decoded.frames.size(), count);
  for (uint64_t number = 0; number < count; ++number) {
    EXPECT_EQ(decoded.frames[number].width, width);
    EXPECT_EQ(decoded.frames[number].height, height);
    EXPECT_GT(testing::luma_psnr(decoded.frames[number], number), 30) << number;
  }
}

TEST(Encoder, records_frames_that_decode_to_what_went_in) {
  const Recording recording = testing::record(testing::software_driver(), small(), 12);
  expect_faithful(recording, 12, 322, 182);
  EXPECT_EQ(recording.key_tags(), (std::vector<uint64_t>{0}));
}

TEST(Encoder, sends_every_header_so_that_a_strict_driver_accepts_it) {
  EncoderSettings settings = small();
  settings.keyint = 5;
  settings.user_data = "a line of text";
  for (const RateMode mode : {RateMode::cqp, RateMode::vbr, RateMode::cbr}) {
    settings.rate_mode = mode;
    const Recording recording =
        testing::record(testing::software_driver("validate=1"), settings, 12);
    expect_faithful(recording, 12, 322, 182);
    EXPECT_EQ(recording.key_tags(), (std::vector<uint64_t>{0, 5, 10}));
  }
}

TEST(Encoder, holds_every_size_that_h264_can_hold) {
  for (const auto& [width, height] : {std::pair{1920U, 1080U}, std::pair{1366U, 768U},
                                      std::pair{16U, 16U}, std::pair{4096U, 2160U}}) {
    const Recording recording =
        testing::record(testing::software_driver("validate=1"), {width, height}, 2);
    expect_faithful(recording, 2, width, height);
  }
}

TEST(Encoder, makes_an_idr_exactly_where_one_is_asked_for) {
  const Recording recording = testing::record(testing::software_driver(), small(), 12,
                                              [](Encoder& encoder, uint64_t number) {
                                                if (number == 4 || number == 9)
                                                  encoder.request_idr();
                                              });
  EXPECT_EQ(recording.key_tags(), (std::vector<uint64_t>{0, 4, 9}));
  const Decoded decoded = testing::decode(recording.packets);
  ASSERT_EQ(decoded.frames.size(), 12U);
  for (uint64_t number = 0; number < 12; ++number) {
    EXPECT_EQ(decoded.frames[number].key, number == 0 || number == 4 || number == 9) << number;
  }
}

TEST(Encoder, puts_the_sets_before_every_idr_and_a_delimiter_first_of_all) {
  EncoderSettings settings = small();
  settings.keyint = 3;
  const Recording recording = testing::record(testing::software_driver(), settings, 6);
  for (size_t number = 0; number < 6; ++number) {
    const testing::HeaderTrace trace = testing::trace_headers(recording.packets[number]);
    const std::vector<int64_t> units = trace.values("nal_unit_type");
    ASSERT_FALSE(units.empty());
    EXPECT_EQ(units.front(), 9);
    const auto idr = std::find(units.begin(), units.end(), 5);
    ASSERT_EQ(idr != units.end(), number % 3 == 0) << number;
    if (idr != units.end()) {
      EXPECT_LT(std::find(units.begin(), units.end(), 7), idr) << number;
      EXPECT_LT(std::find(units.begin(), units.end(), 8), idr) << number;
    }
    for (const int64_t id : trace.values("pic_parameter_set_id")) EXPECT_EQ(id, 0);
  }
}

TEST(Encoder, leaves_the_user_data_in_every_idr) {
  EncoderSettings settings = small();
  settings.user_data = "millrace was here";
  const Recording recording = testing::record(testing::software_driver(), settings, 2);
  const std::vector<uint8_t>& first = recording.packets.front();
  const std::string text(first.begin(), first.end());
  EXPECT_NE(text.find("millrace was here"), std::string::npos);
}

TEST(Encoder, codes_every_picture_at_the_qp_that_was_asked) {
  EncoderSettings settings = small();
  for (const uint8_t qp : {uint8_t{20}, uint8_t{37}}) {
    settings.qp = qp;
    const Recording recording = testing::record(testing::software_driver(), settings, 4);
    const testing::HeaderTrace trace = testing::trace_headers(recording.stream());
    const int64_t base = 26 + trace.value("pic_init_qp_minus26").value_or(0);
    ASSERT_FALSE(trace.values("slice_qp_delta").empty());
    for (const int64_t delta : trace.values("slice_qp_delta")) EXPECT_EQ(base + delta, qp);
  }
}

TEST(Encoder, has_no_bit_rate_to_change_at_constant_qp) {
  static_cast<void>(
      testing::record(testing::software_driver(), small(), 1, [](Encoder& encoder, uint64_t) {
        const Result<> changed = encoder.change_bitrate(1, std::nullopt);
        ASSERT_FALSE(changed);
        EXPECT_EQ(changed.error().kind, ErrorKind::usage);
      }));
}

}  // namespace
}  // namespace millrace::vaapi
