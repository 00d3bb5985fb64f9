// SPDX-License-Identifier: MIT
#include "hw/v4l2/wire_format.h"

#include <gtest/gtest.h>

namespace millrace::v4l2 {
namespace {

const VideoFormat nv12{PixelFormat::nv12, 640, 360, {30, 1}, bt709_limited};

v4l2_format answer(uint32_t code, uint32_t line_bytes, uint32_t image_bytes) {
  v4l2_format wire{};
  wire.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
  wire.fmt.pix.width = 640;
  wire.fmt.pix.height = 360;
  wire.fmt.pix.pixelformat = code;
  wire.fmt.pix.field = V4L2_FIELD_NONE;
  wire.fmt.pix.bytesperline = line_bytes;
  wire.fmt.pix.sizeimage = image_bytes;
  return wire;
}

std::string refusal(const v4l2_format& wire) {
  const Result<Grant> grant = read_format(wire, nv12, "VIDIOC_TRY_FMT");
  EXPECT_FALSE(grant);
  if (grant) return {};
  EXPECT_EQ(grant.error().kind, ErrorKind::unavailable);
  return grant.error().what;
}

TEST(V4l2Format, asks_for_size_format_whole_pictures_and_colour) {
  const v4l2_format wire = describe_format(nv12, V4L2_PIX_FMT_NV12, false);

  EXPECT_EQ(wire.type, static_cast<uint32_t>(V4L2_BUF_TYPE_VIDEO_OUTPUT));
  EXPECT_EQ(wire.fmt.pix.width, 640U);
  EXPECT_EQ(wire.fmt.pix.height, 360U);
  EXPECT_EQ(wire.fmt.pix.field, static_cast<uint32_t>(V4L2_FIELD_NONE));
  EXPECT_EQ(wire.fmt.pix.colorspace, static_cast<uint32_t>(V4L2_COLORSPACE_REC709));
  EXPECT_EQ(wire.fmt.pix.priv, V4L2_PIX_FMT_PRIV_MAGIC);
}

TEST(V4l2Format, asks_a_multi_planar_device_for_one_block_of_memory) {
  const v4l2_format wire = describe_format(nv12, V4L2_PIX_FMT_NV12, true);

  EXPECT_EQ(wire.type, static_cast<uint32_t>(V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE));
  EXPECT_EQ(wire.fmt.pix_mp.num_planes, 1);
  EXPECT_EQ(wire.fmt.pix_mp.width, 640U);
}

TEST(V4l2Format, places_the_planes_by_the_stride_of_the_first) {
  const Grant grant =
      read_format(answer(V4L2_PIX_FMT_NV12, 704, 704 * 540), nv12, "VIDIOC_TRY_FMT").take();

  EXPECT_EQ(grant.layout.plane[0], (PlaneLayout{0, 704, 360}));
  EXPECT_EQ(grant.layout.plane[1], (PlaneLayout{704 * 360, 704, 180}));
  EXPECT_EQ(grant.image_bytes, 704U * 540);
  EXPECT_EQ(grant.video, nv12);
  EXPECT_EQ(grant.why.raw, "VIDIOC_TRY_FMT: NV12 640x360, bytesperline 704, sizeimage 380160");
}

TEST(V4l2Format, halves_the_stride_of_chroma_planes_of_their_own) {
  VideoFormat i420 = nv12;
  i420.format = PixelFormat::i420;

  const Grant grant =
      read_format(answer(V4L2_PIX_FMT_YUV420, 704, 704 * 540), i420, "VIDIOC_TRY_FMT").take();

  EXPECT_EQ(grant.layout.plane[1], (PlaneLayout{704 * 360, 352, 180}));
  EXPECT_EQ(grant.layout.plane[2], (PlaneLayout{704 * 360 + 352 * 180, 352, 180}));
}

TEST(V4l2Format, without_a_stride_has_rows_without_padding) {
  const Grant grant =
      read_format(answer(V4L2_PIX_FMT_NV12, 0, 640 * 540), nv12, "VIDIOC_TRY_FMT").take();

  EXPECT_EQ(grant.layout.plane[0].stride, 640U);
  EXPECT_EQ(grant.layout.plane[1].offset, 640U * 360);
}

TEST(V4l2Format, reads_a_multi_planar_answer_alike) {
  v4l2_format wire = describe_format(nv12, V4L2_PIX_FMT_NV12, true);
  wire.fmt.pix_mp.plane_fmt[0].bytesperline = 704;
  wire.fmt.pix_mp.plane_fmt[0].sizeimage = 704 * 540;

  const Grant grant = read_format(wire, nv12, "VIDIOC_TRY_FMT").take();

  EXPECT_EQ(grant.layout.plane[1], (PlaneLayout{704 * 360, 704, 180}));

  wire.fmt.pix_mp.num_planes = 2;
  EXPECT_NE(refusal(wire).find("several blocks"), std::string::npos);
}

TEST(V4l2Format, is_refused_where_it_makes_no_picture) {
  v4l2_format huge = answer(V4L2_PIX_FMT_NV12, 640, 640 * 540);
  huge.fmt.pix.width = 0xffffffff;
  v4l2_format interlaced = answer(V4L2_PIX_FMT_NV12, 640, 640 * 540);
  interlaced.fmt.pix.field = V4L2_FIELD_INTERLACED;

  EXPECT_NE(refusal(answer(V4L2_PIX_FMT_YUYV, 1280, 1280 * 360)).find("another pixel format"),
            std::string::npos);
  EXPECT_NE(refusal(answer(V4L2_PIX_FMT_NV12, 639, 640 * 540)).find("no room"), std::string::npos);
  EXPECT_NE(refusal(answer(V4L2_PIX_FMT_NV12, 640, 640 * 540 - 1)).find("no room"),
            std::string::npos);
  EXPECT_NE(refusal(answer(V4L2_PIX_FMT_NV12, 0xffffffff, 0xffffffff)).find("no room"),
            std::string::npos);
  EXPECT_NE(refusal(huge).find("no size"), std::string::npos);
  EXPECT_NE(refusal(interlaced).find("fields"), std::string::npos);
}

}  // namespace
}  // namespace millrace::v4l2
