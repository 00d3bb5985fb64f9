// SPDX-License-Identifier: MIT
#include "hw/v4l2/output_offer.h"

#include <linux/videodev2.h>

#include <fmt/format.h>

namespace millrace::v4l2 {
namespace {

Alternative way_named(std::string_view name, const Grant& grant) {
  Alternative way{.name = std::string(name)};
  way.layout.formats = {
      {.format = grant.video.format, .modifier = Modifier::linear, .why = grant.why}};
  way.layout.visible_width = Fact<uint64_t>{grant.video.width, grant.why};
  way.layout.visible_height = Fact<uint64_t>{grant.video.height, grant.why};
  return way;
}

/// The bytes of a frame are, one by one, those that the device wants.
void pin_layout(Alternative& way, const Grant& grant) {
  for (size_t index = 0; index < grant.layout.plane_count(); ++index) {
    const PlaneLayout& plane = grant.layout.plane[index];
    way.layout.stride_demand[index] = {{StridePolicy::fixed, plane.stride}, grant.why};
    way.layout.offset_fixed[index] = {plane.offset, grant.why};
  }
  way.layout.objects = {{ObjectLayout::one, grant.why}};
  way.layout.alloc_min = {grant.image_bytes, grant.why};
}

Alternative own_buffer_alternative(const OfferFacts& facts) {
  Alternative way = way_named(own_buffer_way, facts.grant);
  way.lends = true;
  pin_layout(way, facts.grant);
  way.layout.alloc_max = {facts.grant.image_bytes, facts.grant.why};
  way.memory.heaps = {{std::string(buffer_heap), facts.device.why}};
  way.count.hold = {kept_buffers + 1, documented("v4l2 output: one buffer is shown, one waits, "
                                                 "one is handed over")};
  way.count.count_max = {VIDEO_MAX_FRAME, documented("V4L2: VIDEO_MAX_FRAME buffers in a queue")};
  return way;
}

Alternative write_alternative(const OfferFacts& facts) {
  Alternative way = way_named(write_way, facts.grant);
  way.cpu = {.read = true};
  pin_layout(way, facts.grant);
  way.count.hold = {0, documented("write(2): a frame is copied before the call returns")};
  way.ingest_copy =
      IngestCopy{.cause = facts.device.lends ? "the frames' memory is not the device's"
                                             : facts.device.why_it_lends_none,
                 .engine = "kernel, write(2)",
                 .why = facts.device.why};
  return way;
}

Alternative gather_alternative(const OfferFacts& facts) {
  Alternative way = way_named(gather_way, facts.grant);
  way.cpu = {.read = true};
  way.count.hold = {0, documented("v4l2 output: a frame is copied before it is let go")};
  way.ingest_copy = IngestCopy{.cause = "the frames are not laid out as the device wants them",
                               .engine = "cpu, for write(2)",
                               .why = facts.grant.why};
  return way;
}

}  // namespace

StageOffer describe_output(const OfferFacts& facts) {
  PortOffer port{.name = "in", .direction = Direction::input, .stream = facts.grant.video};
  StageOffer offer{.kind = StageKind::sink, .blocks = true};
  if (facts.device.lends) port.alternatives.push_back(own_buffer_alternative(facts));
  if (facts.device.writes) {
    port.alternatives.push_back(write_alternative(facts));
    port.alternatives.push_back(gather_alternative(facts));
    offer.inherent = {{"kernel: write(2) of the frame that was put in place",
                       facts.grant.image_bytes, documented("write(2) copies what it is given"),
                       std::string(gather_way)}};
  }
  offer.ports = {std::move(port)};
  return offer;
}

}  // namespace millrace::v4l2
