// SPDX-License-Identifier: MIT
// Verdicts and errors of links, beside the layouts.
#include "engine/graph/negotiation.h"

#include "tests/engine/graph/offers.h"

namespace millrace::test {
namespace {

Alternative taking(std::vector<FormatChoice> formats, std::string name = "import") {
  Alternative way{.name = std::move(name)};
  way.layout.formats = std::move(formats);
  return way;
}

Alternative ingesting() {
  Alternative way{.name = "put-image"};
  way.ingest_copy = IngestCopy{"the driver refuses memfd", "cpu, vaPutImage",
                               queried("trial import: VA_STATUS_ERROR")};
  return way;
}

Alternative unreachable_import() {
  Alternative way = import_of({});
  way.memory.heaps = {{"udmabuf", documented("the driver takes dma-bufs")}};
  return way;
}

Error expect_error(const NegotiationInput& input, ErrorKind kind) {
  Result<Plan> plan = negotiate(input);
  if (plan) {
    ADD_FAILURE() << plan->text();
    return {};
  }
  EXPECT_EQ(plan.error().kind, kind) << plan.error().what;
  EXPECT_FALSE(plan.error().remedy.empty());
  return plan.error();
}

void expect_says(const Error& error, const std::string& part) {
  EXPECT_NE(error.what.find(part), std::string::npos) << error.what;
}

TEST(Negotiation, names_both_lists_where_no_format_is_common) {
  Alternative both;
  both.layout.formats = {takes(PixelFormat::nv12), takes(PixelFormat::i420)};
  const Error error =
      expect_error(pair_of(source({PixelFormat::nv12, 640, 480}, both),
                           sink({taking({takes(PixelFormat::bgrx), takes(PixelFormat::p010)})})),
                   ErrorKind::unavailable);
  expect_says(error, "source.out makes NV12, I420");
  expect_says(error, "sink.in takes BGRX, P010");
}

TEST(Negotiation, chooses_the_format_with_the_smallest_sum_of_ranks) {
  Alternative both;
  both.layout.formats = {takes(PixelFormat::nv12, Modifier::linear, 0),
                         takes(PixelFormat::i420, Modifier::linear, 1)};
  const Plan plan =
      expect_plan(pair_of(source({PixelFormat::nv12, 640, 480}, both),
                          sink({taking({takes(PixelFormat::nv12, Modifier::linear, 5),
                                        takes(PixelFormat::i420, Modifier::linear, 0)})})));
  ASSERT_EQ(plan.pools.size(), 1U);
  EXPECT_EQ(plan.pools[0].video()->format, PixelFormat::i420);
}

TEST(Negotiation, does_not_scale) {
  StageOffer smaller = sink({import_of({})});
  smaller.ports[0].stream = video({PixelFormat::nv12, 320, 240});
  const Error error =
      expect_error(pair_of(source({PixelFormat::nv12, 640, 480}), smaller), ErrorKind::unavailable);
  expect_says(error, "visible width: 640 against 320");
}

TEST(Negotiation, refuses_sizes_beyond_a_limit_with_both_numbers) {
  LayoutConstraints layout;
  layout.width_max = fact<uint64_t>(4096, queried("VASurfaceAttribMaxWidth: 4096"));
  const Error error =
      expect_error(pair_of(source({PixelFormat::nv12, 8192, 480}), sink({import_of(layout)})),
                   ErrorKind::unavailable);
  expect_says(error, "width 8192 is above the limit of 4096");
  expect_says(error, "VASurfaceAttribMaxWidth: 4096");
}

TEST(Negotiation, prefers_sharing_to_a_copy_inside_the_consumer) {
  const Plan plan = expect_plan(
      pair_of(source({PixelFormat::nv12, 640, 480}), sink({ingesting(), import_of({})})));
  EXPECT_EQ(plan.edges.at(0).verdict, Verdict::shared);
  EXPECT_EQ(plan.edges[0].alternative, "import");
}

TEST(Negotiation, prefers_a_copy_into_importable_memory_to_one_inside_the_consumer) {
  Alternative pinned;
  pinned.layout.stride_demand[0] = fixed_stride(642, from_user("stride=642"));
  const Plan plan = expect_plan(pair_of(source({PixelFormat::nv12, 640, 480}, pinned),
                                        sink({import_of(encoder_layout(256)), ingesting()})));
  EXPECT_EQ(plan.edges.at(0).verdict, Verdict::copied);
  EXPECT_FALSE(plan.edges[0].ingest_copy);
  EXPECT_EQ(plan.edges[0].alternative, "import");
  EXPECT_TRUE(plan.edges[0].copy_pool.has_value());
}

TEST(Negotiation, lets_the_consumer_copy_where_no_memory_can_be_imported) {
  const Plan plan = expect_plan(
      pair_of(source({PixelFormat::nv12, 640, 480}), sink({unreachable_import(), ingesting()})));
  EXPECT_TRUE(plan.edges.at(0).ingest_copy);
  EXPECT_EQ(plan.copied_bytes_per_frame(), 460'800U);
}

TEST(Negotiation, says_which_heaps_were_tried) {
  const Error error =
      expect_error(pair_of(source({PixelFormat::nv12, 640, 480}), sink({unreachable_import()})),
                   ErrorKind::unavailable);
  expect_says(error, "memfd (sink.in does not take it)");
  expect_says(error, "the driver takes dma-bufs");
}

TEST(Negotiation, copies_where_a_pool_would_exceed_a_drivers_queue) {
  Alternative capture;
  capture.count.hold = number(2, "capture");
  capture.count.count_max = number(5, "driver's queue");
  Alternative encode = import_of({});
  encode.count.hold = number(4, "encoder");
  const Plan plan =
      expect_plan(pair_of(source({PixelFormat::nv12, 1920, 1080}, capture), sink({encode})));
  const PlanEdge& edge = plan.edges.at(0);
  EXPECT_EQ(edge.verdict, Verdict::copied);
  EXPECT_EQ(plan.copied_bytes_per_frame(), 3'110'400U);
  EXPECT_EQ(plan.pools[0].count.value, 5U);
  EXPECT_EQ(plan.pools[1].count.value, 5U);
  bool names_queue = false;
  for (const Provenance& why : edge.conflict) names_queue |= why.raw == "driver's queue";
  EXPECT_TRUE(names_queue) << plan.text();
}

TEST(Negotiation, counts_every_hold_and_queue_with_its_reason) {
  Alternative encode = import_of({});
  encode.count.hold = number(3, "pictures under way");
  const Plan plan = expect_plan(pair_of(source({PixelFormat::nv12, 640, 480}), sink({encode})));
  EXPECT_EQ(plan.pools.at(0).count.value, 6U);
  EXPECT_EQ(plan.pools[0].count.why.size(), 3U);
}

TEST(Negotiation, says_how_a_consumer_learns_that_a_frame_is_ready) {
  Alternative draw;
  draw.sync = {{SyncKind::sync_file, documented("exports fences")},
               {SyncKind::cpu_wait, documented("or waits")}};
  Alternative read = import_of({});
  read.sync = {{SyncKind::implicit, documented("kernel fences")},
               {SyncKind::sync_file, documented("takes fences")}};
  const Plan plan = expect_plan(pair_of(source({PixelFormat::nv12, 640, 480}, draw), sink({read})));
  EXPECT_NE(plan.edges.at(0).reason.find("synchronised by sync_file"), std::string::npos);
}

TEST(Negotiation, keeps_memory_that_the_cpu_cannot_reach_from_the_cpu) {
  Alternative lent;
  lent.memory.cpu_read_cost = fact(CpuReadCost::unmappable, documented("protected memory"));
  StageOffer reader = sink({import_of({})});
  reader.ports[0].cpu.read = true;
  const Error error = expect_error(pair_of(source({PixelFormat::nv12, 640, 480}, lent), reader),
                                   ErrorKind::unavailable);
  expect_says(error, "needs the CPU to reach it");
}

TEST(Negotiation, refuses_ends_that_speak_of_different_streams) {
  StageOffer packets = sink({import_of({})});
  packets.ports[0].stream = PacketFormat{};
  const Error error =
      expect_error(pair_of(source({PixelFormat::nv12, 640, 480}), packets), ErrorKind::unavailable);
  expect_says(error, "one makes NV12 640x480 30 fps");
}

TEST(Negotiation, refuses_links_to_ports_that_nobody_offers) {
  NegotiationInput input = pair_of(source({PixelFormat::nv12, 640, 480}), sink({import_of({})}));
  input.links[0].to_port = "other";
  expect_says(expect_error(input, ErrorKind::usage), "sink.other");
}

TEST(Negotiation, refuses_an_output_that_leads_nowhere) {
  NegotiationInput input = pair_of(source({PixelFormat::nv12, 640, 480}), sink({import_of({})}));
  input.links.clear();
  expect_says(expect_error(input, ErrorKind::usage), "source.out leads nowhere");
}

TEST(Negotiation, takes_the_first_heap_that_every_member_takes) {
  NegotiationInput input = pair_of(source({PixelFormat::nv12, 640, 480}), sink({import_of({})}));
  input.heaps = {{"udmabuf", 64U << 20, queried("/dev/udmabuf: open")},
                 {"memfd", UINT64_MAX, queried("memfd_create")}};
  EXPECT_EQ(expect_plan(input).pools.at(0).heap, "udmabuf");
}

TEST(Negotiation, asks_for_the_memory_of_a_producer_that_takes_no_other) {
  StageOffer camera = source({PixelFormat::nv12, 640, 480});
  camera.ports[0].role = {.may_allocate = true, .may_import = false};
  const Plan plan = expect_plan(pair_of(camera, sink({import_of({})})));
  EXPECT_EQ(plan.pools.at(0).heap, "");
  EXPECT_NE(plan.pools[0].heap_reason.find("lent by source.out"), std::string::npos);
}

}  // namespace
}  // namespace millrace::test
