// SPDX-License-Identifier: MIT
#include "hw/vaapi/layout_probe.h"

#include <vector>

#include <gtest/gtest.h>

namespace millrace::vaapi {
namespace {

uint64_t round_up(uint64_t value, uint64_t step) {
  return (value + step - 1) / step * step;
}

/// What a driver with these alignments makes of the sample sizes.
std::vector<LayoutSample> samples_with(uint64_t stride_align, uint64_t rows_align) {
  std::vector<LayoutSample> samples;
  for (const uint32_t side : sample_sides) {
    const uint64_t stride = round_up(side, stride_align);
    samples.push_back({.size = {side, side},
                       .stride = stride,
                       .uv_stride = stride,
                       .uv_offset = stride * round_up(side, rows_align)});
  }
  return samples;
}

TEST(LayoutProbe, finds_every_likely_alignment_from_its_sizes) {
  for (const uint64_t align : {2U, 4U, 8U, 16U, 32U, 64U, 128U, 256U, 512U, 1024U, 4096U}) {
    const std::optional<LayoutFacts> facts = infer_layout(samples_with(align, align), "x");
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->stride_align.value, align);
    EXPECT_EQ(facts->rows_align.value, align);
  }
}

TEST(LayoutProbe, keeps_the_call_and_every_number_it_answered) {
  const std::optional<LayoutFacts> facts = infer_layout(samples_with(256, 32), "vaDeriveImage");
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->stride_align.why.origin, Origin::queried);
  EXPECT_EQ(facts->stride_align.why.raw,
            "vaDeriveImage of 130x130, 322x322, 386x386: strides 256, 512, 512");
  EXPECT_EQ(facts->rows_align.why.raw,
            "vaDeriveImage of 130x130, 322x322, 386x386: UV starts at rows 160, 352, 416");
}

TEST(LayoutProbe, learns_nothing_from_a_layout_that_is_not_plain_nv12) {
  std::vector<LayoutSample> samples = samples_with(256, 32);
  samples[1].uv_stride = 128;
  EXPECT_FALSE(infer_layout(samples, "x"));
  samples = samples_with(256, 32);
  samples[2].uv_offset += 1;
  EXPECT_FALSE(infer_layout(samples, "x"));
  samples = samples_with(256, 32);
  samples[0].stride = samples[0].uv_stride = 0;
  EXPECT_FALSE(infer_layout(samples, "x"));
  EXPECT_FALSE(infer_layout({}, "x"));
}

}  // namespace
}  // namespace millrace::vaapi
