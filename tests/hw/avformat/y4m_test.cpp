// SPDX-License-Identifier: MIT
#include "hw/avformat/y4m.h"

#include <string>

#include <gtest/gtest.h>

namespace millrace::avformat {
namespace {

TEST(Y4m, reads_size_rate_and_range) {
  const auto header = parse_y4m_header(
      "YUV4MPEG2 W1366 H768 F30000:1001 Ip A1:1 C420mpeg2 XYSCSS=420MPEG2 XCOLORRANGE=FULL\nFRAME");

  ASSERT_TRUE(header);
  EXPECT_EQ(header->video.width, 1366U);
  EXPECT_EQ(header->video.height, 768U);
  EXPECT_EQ(header->video.frame_rate, (Fraction{30000, 1001}));
  EXPECT_EQ(header->video.format, PixelFormat::i420);
  EXPECT_EQ(header->video.colour.range, ColourRange::full);
  EXPECT_EQ(header->bytes, 84U);
}

TEST(Y4m, takes_420_for_granted_and_30_frames_for_an_unknown_rate) {
  const auto header = parse_y4m_header("YUV4MPEG2 W2 H2 F0:0\n");

  ASSERT_TRUE(header);
  EXPECT_EQ(header->video.frame_rate, (Fraction{30, 1}));
}

TEST(Y4m, takes_a_rate_that_nothing_has_for_an_unknown_one) {
  const auto header = parse_y4m_header("YUV4MPEG2 W16 H16 F1000000000:1\n");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->video.frame_rate, (Fraction{30, 1}));
}

TEST(Y4m, refuses_what_is_damaged_or_not_8_bit_420) {
  for (const char* const text :
       {"", "YUV4MPEG2", "YUV4MPEG2 \n", "YUV4MPEG2 W16\n", "YUV4MPEG2 W0 H16\n",
        "YUV4MPEG2 W-1 H16\n", "YUV4MPEG2 W99999999999 H16\n", "YUV4MPEG2 W16 H16 F1\n",
        "YUV4MPEG2 W16 H16 F-1:1\n", "YUV4MPEG2 W16 H16 C422\n", "YUV4MPEG2 W16 H16 C420p10\n",
        "YUV4MPEG2 W16x H16\n", "YUV4MPEG2 W16 H16", "YUV4MPEG3 W16 H16\n"}) {
    EXPECT_FALSE(parse_y4m_header(text)) << text;
  }
  EXPECT_FALSE(parse_y4m_header("YUV4MPEG2 W16 H16 X" + std::string(4096, 'x') + "\n"));
}

TEST(Y4m, finds_the_end_of_a_frame_line) {
  EXPECT_EQ(parse_y4m_frame("FRAME\nxyz"), 6U);
  EXPECT_EQ(parse_y4m_frame("FRAME Ip\nxyz"), 9U);
  EXPECT_FALSE(parse_y4m_frame("FRAMES\n"));
  EXPECT_FALSE(parse_y4m_frame("FRAME"));
  EXPECT_FALSE(parse_y4m_frame(""));
}

}  // namespace
}  // namespace millrace::avformat
