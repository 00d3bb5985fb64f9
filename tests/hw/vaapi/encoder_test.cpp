// SPDX-License-Identifier: MIT
// The encoder on the real software driver, its stream read back by libavcodec.
#include "hw/vaapi/encoder.h"

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

}  // namespace
}  // namespace millrace::vaapi
