// SPDX-License-Identifier: MIT
#include "hw/v4l2/output_offer.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "hw/v4l2/formats.h"

namespace millrace::v4l2 {
namespace {

OfferFacts facts_of(bool lends, bool writes) {
  const VideoFormat video{PixelFormat::nv12, 640, 360, {30, 1}, bt709_limited};
  OfferFacts facts;
  facts.device = {.path = "/dev/video9", .card = "Fake", .writes = writes, .lends = lends};
  if (!lends) facts.device.why_it_lends_none = "the device lends no buffers";
  facts.device.why = queried("VIDIOC_QUERYCAP: fake");
  facts.grant.video = video;
  facts.grant.layout = tight_layout(PixelFormat::nv12, 640, 360).take();
  facts.grant.image_bytes = 640 * 540;
  facts.grant.why = queried("VIDIOC_TRY_FMT: NV12 640x360");
  return facts;
}

std::vector<std::string> ways(const StageOffer& offer) {
  std::vector<std::string> names;
  for (const Alternative& way : offer.port("in")->alternatives) names.push_back(way.name);
  return names;
}

TEST(OutputOffer, has_the_ways_of_the_device_best_first) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(ways(describe_output(facts_of(true, true))), (Names{"own-buffer", "write", "gather"}));
  EXPECT_EQ(ways(describe_output(facts_of(false, true))), (Names{"write", "gather"}));
  EXPECT_EQ(ways(describe_output(facts_of(true, false))), (Names{"own-buffer"}));
}

TEST(OutputOffer, pins_the_layout_to_the_devices_answer) {
  const StageOffer offer = describe_output(facts_of(false, true));
  const LayoutConstraints& layout = offer.port("in")->alternatives.front().layout;

  EXPECT_EQ(layout.stride_demand[0]->value.value, 640U);
  EXPECT_EQ(layout.offset_fixed[1]->value, 640U * 360);
  EXPECT_EQ(layout.alloc_min->value, 640U * 540);
  EXPECT_EQ(layout.stride_demand[0]->why.raw, "VIDIOC_TRY_FMT: NV12 640x360");
}

TEST(OutputOffer, counts_a_write_as_a_copy_with_its_reason) {
  const StageOffer offer = describe_output(facts_of(false, true));
  const Alternative& write = offer.port("in")->alternatives.front();

  ASSERT_TRUE(write.ingest_copy);
  EXPECT_EQ(write.ingest_copy->cause, "the device lends no buffers");
  EXPECT_EQ(write.ingest_copy->engine, "kernel, write(2)");
  EXPECT_TRUE(write.cpu.read);
}

TEST(OutputOffer, touches_no_frame_that_lies_in_a_buffer_of_the_device) {
  const StageOffer offer = describe_output(facts_of(true, true));
  const PortOffer& port = *offer.port("in");

  EXPECT_TRUE(port.alternatives.front().lends);
  EXPECT_FALSE(port.alternatives.front().ingest_copy);
  EXPECT_FALSE(port.cpu.read || port.cpu.write);
  EXPECT_FALSE(port.alternatives.front().cpu.read || port.alternatives.front().cpu.write);
}

}  // namespace
}  // namespace millrace::v4l2
