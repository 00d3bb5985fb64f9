// SPDX-License-Identifier: MIT
// Layouts that real devices need, with the numbers that must come out.
#include "tests/engine/graph/offers.h"

namespace millrace::test {
namespace {

struct Planes {
  std::vector<uint64_t> strides, offsets;
};

void expect_planes(const Plan& plan, const Planes& expected) {
  ASSERT_FALSE(plan.pools.empty());
  const Layout layout = plan.pools.front().layout();
  for (size_t plane = 0; plane < expected.strides.size(); ++plane) {
    EXPECT_EQ(layout.plane[plane].stride, expected.strides[plane]) << "plane " << plane;
    EXPECT_EQ(layout.plane[plane].offset, expected.offsets[plane]) << "plane " << plane;
  }
}

void expect_shared(const Plan& plan) {
  ASSERT_EQ(plan.edges.size(), 1U);
  EXPECT_EQ(plan.edges.front().verdict, Verdict::shared) << plan.text();
  EXPECT_EQ(plan.copied_bytes_per_frame(), 0U);
}

TEST(LayoutCases, a_tail_pad_takes_one_more_page) {
  LayoutConstraints consumer;
  consumer.stride_align[0] = consumer.stride_align[1] = number(64, "stride in cache lines");
  consumer.tail_pad = number(16, "reads 16 bytes past the last row");
  const Plan plan =
      expect_plan(pair_of(source({PixelFormat::nv12, 2048, 1080}), sink({import_of(consumer)})));
  expect_shared(plan);
  expect_planes(plan, {{2048, 2048}, {0, 2'211'840}});
  EXPECT_EQ(plan.pools[0].size.value, 3'317'776U);
  EXPECT_EQ(plan.pools[0].alloc.value, 3'321'856U);
}

TEST(LayoutCases, an_encoder_pads_stride_and_coded_size) {
  const Plan plan = expect_plan(
      pair_of(source({PixelFormat::nv12, 1366, 768}), sink({import_of(encoder_layout(256))})));
  expect_shared(plan);
  expect_planes(plan, {{1536, 1536}, {0, 1'179'648}});
  EXPECT_EQ(plan.pools[0].coded_width.value, 1376U);
  EXPECT_EQ(plan.pools[0].coded_height.value, 768U);
  EXPECT_EQ(plan.pools[0].alloc.value, 1'769'472U);
}

StageOffer uvc_camera(const Picture& picture) {
  Alternative tight;
  tight.layout.stride_demand[0] = tight_stride("VIDIOC_TRY_FMT: the driver keeps its stride");
  tight.layout.stride_equal = yes("single-planar NV12 has one stride");
  return source(picture, tight);
}

TEST(LayoutCases, a_camera_with_a_fixed_stride_is_copied_and_the_conflict_is_named) {
  const Plan plan = expect_plan(pair_of(uvc_camera({PixelFormat::nv12, 1366, 768}),
                                        sink({import_of(encoder_layout(256, 2, 2))})));
  ASSERT_EQ(plan.edges.size(), 1U);
  const PlanEdge& edge = plan.edges.front();
  EXPECT_EQ(edge.verdict, Verdict::copied);
  ASSERT_TRUE(edge.copied_bytes_per_frame.has_value());
  EXPECT_EQ(edge.copied_bytes_per_frame->value, 1'573'632U);
  ASSERT_EQ(edge.conflict.size(), 2U) << plan.text();
  EXPECT_EQ(edge.conflict[0].stage, "source");
  EXPECT_EQ(edge.conflict[1].stage, "sink");
  ASSERT_FALSE(edge.remedies.empty());
  EXPECT_NE(edge.remedies.front().find("1280x720: stride 1280"), std::string::npos)
      << edge.remedies.front();
  ASSERT_TRUE(edge.copy_pool.has_value());
  EXPECT_EQ(plan.pools[*edge.copy_pool].plane[0].stride.value, 1536U);
}

TEST(LayoutCases, a_camera_whose_fixed_stride_fits_is_shared) {
  const Plan plan = expect_plan(pair_of(uvc_camera({PixelFormat::nv12, 1280, 720}),
                                        sink({import_of(encoder_layout(256, 64, 16))})));
  expect_shared(plan);
  expect_planes(plan, {{1280, 1280}, {0, 921'600}});
  EXPECT_EQ(plan.pools[0].size.value, 1'382'400U);
  EXPECT_EQ(plan.pools[0].alloc.value, 1'384'448U);
}

TEST(LayoutCases, a_larger_page_rounds_the_allocation_up) {
  NegotiationInput input = pair_of(uvc_camera({PixelFormat::nv12, 1280, 720}),
                                   sink({import_of(encoder_layout(256, 64, 16))}));
  input.page_size = {16384, queried("sysconf(_SC_PAGESIZE): 16384")};
  EXPECT_EQ(expect_plan(input).pools.at(0).alloc.value, 1'392'640U);
}

TEST(LayoutCases, alignments_merge_to_their_common_multiple) {
  Alternative producer;
  producer.layout.stride_align[0] = number(96, "32 pixels of 3 bytes");
  LayoutConstraints consumer;
  consumer.stride_align[0] = number(256, "linear pitch");
  const Plan plan = expect_plan(
      pair_of(source({PixelFormat::bgrx, 675, 500}, producer), sink({import_of(consumer)})));
  expect_shared(plan);
  expect_planes(plan, {{3072}, {0}});
  EXPECT_EQ(plan.pools[0].alloc.value, 1'536'000U);
}

TEST(LayoutCases, a_derived_chroma_stride_pulls_its_alignment_to_luma) {
  Alternative producer;
  producer.layout.stride_derived = yes("V4L2 single-planar");
  producer.layout.planes_packed = yes("V4L2 single-planar");
  LayoutConstraints consumer;
  for (size_t plane = 0; plane < 3; ++plane) {
    consumer.stride_align[plane] = number(32, "ISP stride");
    consumer.offset_align[plane] = number(32, "ISP plane base");
  }
  const Plan plan = expect_plan(
      pair_of(source({PixelFormat::i420, 1296, 972}, producer), sink({import_of(consumer)})));
  expect_shared(plan);
  expect_planes(plan, {{1344, 672, 672}, {0, 1'306'368, 1'632'960}});
  EXPECT_EQ(plan.pools[0].size.value, 1'959'552U);
  EXPECT_EQ(plan.pools[0].alloc.value, 1'961'984U);
}

LayoutConstraints codec_with_1088_rows() {
  LayoutConstraints codec;
  codec.alloc_min = number(4'177'920, "QBUF minimum length");
  codec.rows_min[0] = number(1088, "padded height");
  return codec;
}

TEST(LayoutCases, a_codec_gets_the_rows_that_it_pads_to) {
  const Plan plan = expect_plan(
      pair_of(source({PixelFormat::yuyv, 1920, 1080}), sink({import_of(codec_with_1088_rows())})));
  expect_shared(plan);
  expect_planes(plan, {{3840}, {0}});
  EXPECT_EQ(plan.pools[0].size.value, 4'177'920U);
  EXPECT_EQ(plan.pools[0].alloc.value, 4'177'920U);
}

TEST(LayoutCases, a_capture_size_that_is_too_small_is_copied) {
  Alternative fixed;
  fixed.layout.alloc_max = fact<uint64_t>(4'147'200, queried("VIDIOC_S_FMT: sizeimage 4147200"));
  const Plan plan = expect_plan(pair_of(source({PixelFormat::yuyv, 1920, 1080}, fixed),
                                        sink({import_of(codec_with_1088_rows())})));
  EXPECT_EQ(plan.edges.at(0).verdict, Verdict::copied);
  EXPECT_EQ(plan.copied_bytes_per_frame(), 4'147'200U);
}

TEST(LayoutCases, an_importer_gets_its_stride_and_its_rows) {
  LayoutConstraints importer;
  importer.stride_align[0] = number(256, "linear pitch");
  importer.rows_align[0] = number(16, "padded height enters the size check");
  const Plan plan =
      expect_plan(pair_of(source({PixelFormat::bgrx, 1600, 1068}), sink({import_of(importer)})));
  expect_shared(plan);
  expect_planes(plan, {{6400}, {0}});
  EXPECT_EQ(plan.pools[0].plane[0].rows.value, 1072U);
  EXPECT_EQ(plan.pools[0].alloc.value, 6'860'800U);
}

TEST(LayoutCases, offsets_are_whole_rows_and_aligned_at_once) {
  LayoutConstraints a;
  a.offset_whole_rows = yes("height = offset[1] / pitch");
  a.stride_align[0] = a.stride_align[1] = number(64, "stride");
  Alternative b;
  b.layout.offset_align[1] = number(4096, "plane on a page");
  b.layout.stride_align[0] = b.layout.stride_align[1] = number(64, "stride");
  const Plan plan =
      expect_plan(pair_of(source({PixelFormat::nv12, 1920, 1080}, b), sink({import_of(a)})));
  expect_shared(plan);
  expect_planes(plan, {{1920, 1920}, {0, 2'088'960}});
  EXPECT_EQ(plan.pools[0].size.value, 3'125'760U);
  EXPECT_EQ(plan.pools[0].alloc.value, 3'129'344U);
}

TEST(LayoutCases, planes_lie_in_objects_of_their_own_where_the_encoder_wants_it) {
  Alternative camera;
  camera.layout.objects = {fact(ObjectLayout::one, documented("NV12")),
                           fact(ObjectLayout::per_plane, documented("NV12M"))};
  LayoutConstraints encoder;
  encoder.objects = {fact(ObjectLayout::per_plane, documented("NV12M only"))};
  encoder.stride_demand[0] = {{StridePolicy::exact_up, 16}, documented("Hantro")};
  encoder.stride_demand[1] = encoder.stride_demand[0];
  encoder.coded_align_width = encoder.coded_align_height = number(16, "macroblocks");
  const Plan plan = expect_plan(
      pair_of(source({PixelFormat::nv12, 1920, 1080}, camera), sink({import_of(encoder)})));
  expect_shared(plan);
  expect_planes(plan, {{1920, 1920}, {0, 0}});
  EXPECT_EQ(plan.pools[0].objects, ObjectLayout::per_plane);
  EXPECT_EQ(plan.pools[0].plane[0].object_size.value, 2'088'960U);
  EXPECT_EQ(plan.pools[0].plane[1].object_size.value, 1'044'480U);
}

constexpr auto tiled = static_cast<Modifier>(0x0100000000000004);

StageOffer implicit_allocator() {
  Alternative allocator;
  allocator.layout.formats = {takes(PixelFormat::bgrx, Modifier::implicit)};
  StageOffer offer = source({PixelFormat::bgrx, 1280, 720}, allocator);
  offer.ports[0].role.may_allocate = true;
  return offer;
}

TEST(LayoutCases, an_allocator_with_implicit_layouts_is_asked_for_a_linear_one) {
  LayoutConstraints consumer;
  consumer.formats = {takes(PixelFormat::bgrx)};
  const Plan plan = expect_plan(pair_of(implicit_allocator(), sink({import_of(consumer)})));
  expect_shared(plan);
  EXPECT_EQ(plan.pools[0].modifier, Modifier::linear);
  EXPECT_EQ(plan.pools[0].heap, "");
  expect_planes(plan, {{5120}, {0}});
  EXPECT_EQ(plan.pools[0].alloc.value, 3'686'400U);
}

TEST(LayoutCases, tiles_that_the_cpu_cannot_write_are_refused_with_both_lists) {
  LayoutConstraints consumer;
  consumer.formats = {takes(PixelFormat::bgrx, tiled)};
  const Result<Plan> plan = negotiate(pair_of(implicit_allocator(), sink({import_of(consumer)})));
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().kind, ErrorKind::unavailable);
  EXPECT_NE(plan.error().what.find("source.out makes BGRX implicit"), std::string::npos)
      << plan.error().what;
  EXPECT_NE(plan.error().what.find("sink.in takes BGRX modifier 0x100000000000004"),
            std::string::npos)
      << plan.error().what;
}

TEST(LayoutCases, a_consumer_that_needs_contiguous_memory_lends_its_own) {
  LayoutConstraints layout;
  layout.stride_align[0] = layout.stride_align[1] = number(16, "stride");
  layout.rows_align[0] = layout.rows_align[1] = number(16, "rows");
  Alternative codec = import_of(layout);
  codec.memory.contiguous = fact(Contiguity::device, documented("no IOMMU"));
  StageOffer consumer = sink({codec});
  consumer.ports[0].role.may_allocate = true;
  NegotiationInput input = pair_of(source({PixelFormat::nv12, 1920, 1080}), consumer);
  input.heaps.insert(input.heaps.begin(), {"udmabuf", 64U << 20, queried("size_limit_mb: 64")});
  const Plan plan = expect_plan(input);
  expect_shared(plan);
  EXPECT_EQ(plan.pools[0].heap, "sink.in");
  expect_planes(plan, {{1920, 1920}, {0, 2'088'960}});
  EXPECT_EQ(plan.pools[0].alloc.value, 3'133'440U);
}

TEST(LayoutCases, scattered_heaps_are_passed_over_for_a_contiguous_one) {
  Alternative codec = import_of({});
  codec.memory.contiguous = fact(Contiguity::device, documented("no IOMMU"));
  NegotiationInput input = pair_of(source({PixelFormat::nv12, 1920, 1080}), sink({codec}));
  input.heaps = {{"udmabuf", 64U << 20, queried("size_limit_mb: 64")},
                 {"dma-heap:cma", UINT64_MAX, queried("/dev/dma_heap/linux,cma")}};
  const Plan plan = expect_plan(input);
  EXPECT_EQ(plan.pools.at(0).heap, "dma-heap:cma");
  EXPECT_NE(plan.pools[0].heap_reason.find("contiguous"), std::string::npos);
}

TEST(LayoutCases, odd_sizes_are_coded_even_and_copied_whole) {
  LayoutConstraints consumer;
  for (size_t plane = 0; plane < 3; ++plane) {
    consumer.stride_align[plane] = consumer.offset_align[plane] = number(32, "thirty-two");
  }
  const Plan plan =
      expect_plan(pair_of(source({PixelFormat::i420, 1365, 767}), sink({import_of(consumer)})));
  expect_planes(plan, {{1376, 704, 704}, {0, 1'056'768, 1'327'104}});
  EXPECT_EQ(plan.pools[0].coded_width.value, 1366U);
  EXPECT_EQ(plan.pools[0].coded_height.value, 768U);
  EXPECT_EQ(plan.pools[0].alloc.value, 1'597'440U);
  EXPECT_EQ(payload_bytes(PixelFormat::i420, 1365, 767), 1'571'499U);
}

TEST(LayoutCases, ten_bit_rows_are_twice_as_long) {
  const Plan plan = expect_plan(pair_of(source({PixelFormat::p010, 3840, 2160}),
                                        sink({import_of(encoder_layout(256, 64, 16))})));
  expect_planes(plan, {{7680, 7680}, {0, 16'588'800}});
  EXPECT_EQ(plan.pools[0].alloc.value, 24'883'200U);
}

TEST(LayoutCases, a_heap_with_a_limit_is_passed_over_and_the_plan_says_so) {
  NegotiationInput input = pair_of(source({PixelFormat::bgrx, 7680, 4320}), sink({import_of({})}));
  input.heaps.insert(input.heaps.begin(), {"udmabuf", 64U << 20, queried("size_limit_mb: 64")});
  const Plan plan = expect_plan(input);
  EXPECT_EQ(plan.pools.at(0).size.value, 132'710'400U);
  EXPECT_EQ(plan.pools[0].heap, "memfd");
  EXPECT_NE(plan.pools[0].heap_reason.find("67108864"), std::string::npos)
      << plan.pools[0].heap_reason;
}

TEST(LayoutCases, sizes_beyond_the_interfaces_are_a_usage_error_with_numbers) {
  Alternative producer;
  producer.layout.stride_align[0] = number(uint64_t{1} << 31, "2^31");
  LayoutConstraints consumer;
  consumer.stride_align[0] = number(uint64_t{3} << 30, "3 * 2^30");
  const Result<Plan> aligned = negotiate(
      pair_of(source({PixelFormat::bgrx, 64, 64}, producer), sink({import_of(consumer)})));
  ASSERT_FALSE(aligned.has_value());
  EXPECT_EQ(aligned.error().kind, ErrorKind::usage);
  EXPECT_NE(aligned.error().what.find("6442450944"), std::string::npos) << aligned.error().what;
  const Result<Plan> huge =
      negotiate(pair_of(source({PixelFormat::bgrx, 65535, 65535}), sink({import_of({})})));
  ASSERT_FALSE(huge.has_value());
  EXPECT_EQ(huge.error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace millrace::test
