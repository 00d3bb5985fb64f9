// SPDX-License-Identifier: MIT
#include "engine/memory/pool_config.h"

#include <gtest/gtest.h>

#include "tests/engine/memory/pools.h"

namespace millrace {
namespace {

const PoolConfig i420{.video = video_of(PixelFormat::i420, 320, 240)};

/// Padding below, and strides of whole 64 bytes.
PoolConfig aligned_i420(std::array<uint64_t, max_planes> stride_align, bool derived) {
  PoolConfig config = i420;
  config.options.video_alignment =
      VideoAlignment{.bottom = 8, .stride_align = stride_align, .strides_derived = derived};
  return config;
}

TEST(PoolConfig, accepts_the_size_that_the_layout_takes_where_none_is_given) {
  const Result<PoolAnswer> answer = check_config(i420);
  ASSERT_TRUE(accepted(answer));
  EXPECT_EQ(std::get<PoolAccepted>(*answer).config.size, 115200U);
}

TEST(PoolConfig, case_196_too_small_a_size_is_answered_by_the_right_one) {
  PoolConfig config = i420;
  config.size = 100;
  const Result<PoolAnswer> answer = check_config(config);
  const PoolCounterOffer* const offer = counter_offer(answer);
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->config.size, 115200U);
  EXPECT_FALSE(offer->why.empty());
  EXPECT_TRUE(accepted(check_config(offer->config)));
}

// W13: each plane has the least stride that meets its own alignment. The reference makes one mask
// of all and applies it to every plane; asked for that, the numbers are its own.
TEST(PoolConfig, case_197_alignment_takes_effect_in_layout_size_and_memory) {
  const auto own = std::get<PoolAccepted>(*check_config(aligned_i420({64}, false))).config;
  EXPECT_EQ(own.video->layout.plane[0].stride, 320U);
  EXPECT_EQ(own.video->layout.plane[1].stride, 160U);
  EXPECT_EQ(own.video->layout.plane[1].offset, 79360U);
  EXPECT_EQ(own.size, 119040U);
  EXPECT_EQ(own.params.align, 64U);

  const auto all = std::get<PoolAccepted>(*check_config(aligned_i420({64, 64, 64}, true))).config;
  EXPECT_EQ(all.size, 142848U);
  EXPECT_EQ(all.video->layout.plane[0].stride, 384U);
  EXPECT_EQ(all.video->layout.plane[2].stride, 192U);
  EXPECT_EQ(all.video->layout.plane[1].offset, 95232U);
  EXPECT_EQ(all.video->layout.plane[2].offset, 119040U);
  EXPECT_EQ(all.params.align, 64U);
  EXPECT_EQ(all.options.video_alignment->right, 64U);
}

TEST(PoolConfig, asked_again_with_what_it_became_it_stays_as_it_is) {
  const PoolConfig once =
      std::get<PoolAccepted>(*check_config(aligned_i420({256, 256}, false))).config;
  const Result<PoolAnswer> twice = check_config(once);
  ASSERT_TRUE(accepted(twice));
  EXPECT_EQ(std::get<PoolAccepted>(*twice).config, once);
}

TEST(PoolConfig, refuses_more_at_least_than_at_most_and_names_both) {
  const Result<PoolAnswer> answer = check_config({.count = {.min = 7, .max = 3}, .size = 10});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, ErrorKind::usage);
  EXPECT_NE(answer.error().what.find("at least 7 and at most 3"), std::string::npos);
}

TEST(PoolConfig, refuses_no_buffers_and_too_many) {
  for (const PoolCount& count : {exactly(0), exactly(1025), at_least(1025), at_least(SIZE_MAX)}) {
    const Result<PoolAnswer> answer = check_config({.count = count, .size = 64});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().kind, ErrorKind::usage);
  }
  EXPECT_TRUE(accepted(check_config({.count = at_least(0), .size = 64})));
}

// The reference ignores an alignment without the option of a VideoMeta.
TEST(PoolConfig, refuses_an_alignment_that_nobody_could_be_told_of) {
  PoolConfig config = aligned_i420({64}, false);
  config.options.video_meta = false;
  EXPECT_FALSE(check_config(config).has_value());
  config.options.video_meta = true;
  config.video.reset();
  EXPECT_FALSE(check_config(config).has_value());
}

TEST(PoolConfig, refuses_a_layout_that_no_size_would_do_for) {
  PoolConfig config = i420;
  config.video->layout.plane[1].offset = UINT64_MAX - 5;
  EXPECT_FALSE(check_config(config).has_value());
}

TEST(PoolConfig, refuses_an_alignment_that_is_no_power_of_two) {
  EXPECT_FALSE(check_config(aligned_i420({48}, false)).has_value());
}

// Options are fields of their own, so one that is given twice is given, and there are no others.
TEST(PoolConfig, case_142_an_option_is_there_or_not) {
  PoolOptions options;
  EXPECT_FALSE(options.video_alignment.has_value());
  options.video_alignment = VideoAlignment{.right = 2};
  options.video_alignment = VideoAlignment{.right = 2};
  PoolOptions once;
  once.video_alignment = VideoAlignment{.right = 2};
  EXPECT_EQ(options, once);
  EXPECT_FALSE(options.track_holders);
}

PoolConfig sized(size_t size, size_t min, std::optional<size_t> max = std::nullopt) {
  return {.count = {.min = min, .max = max}, .size = size};
}

TEST(PoolConfig, case_133_satisfies_who_wants_no_more_than_there_is) {
  const PoolConfig offered = sized(5, 4, 30);
  EXPECT_TRUE(check_satisfies(offered, sized(5, 4)).has_value());
  EXPECT_TRUE(check_satisfies(offered, sized(5, 2)).has_value());
  EXPECT_TRUE(check_satisfies(offered, sized(4, 4)).has_value());
  EXPECT_FALSE(check_satisfies(offered, sized(5, 6)).has_value());
  EXPECT_FALSE(check_satisfies(offered, sized(6, 4)).has_value());
  PoolConfig with_video = i420;
  with_video.count = at_least(1);
  EXPECT_FALSE(check_satisfies(offered, with_video).has_value());
}

// W20: the reference looks at neither of these.
TEST(PoolConfig, does_not_satisfy_who_wants_another_maximum_allocator_alignment_or_options) {
  SystemAllocator allocator;
  PoolConfig offered = std::get<PoolAccepted>(*check_config(i420)).config;
  offered.count = {.min = 4, .max = 30};
  PoolConfig wanted = offered;
  EXPECT_TRUE(check_satisfies(offered, wanted).has_value());
  wanted.count.max = 31;
  EXPECT_FALSE(check_satisfies(offered, wanted).has_value());
  wanted = offered;
  wanted.allocator = &allocator;
  EXPECT_FALSE(check_satisfies(offered, wanted).has_value());
  wanted = offered;
  wanted.params.align = 4096;
  EXPECT_FALSE(check_satisfies(offered, wanted).has_value());
  wanted = offered;
  wanted.options.video_alignment = VideoAlignment{.stride_align = {256}};
  EXPECT_FALSE(check_satisfies(offered, wanted).has_value());
  wanted = offered;
  wanted.options.track_holders = true;
  EXPECT_FALSE(check_satisfies(offered, wanted).has_value());
  offered.options.video_meta = false;
  EXPECT_FALSE(check_satisfies(offered, i420).has_value());
}

}  // namespace
}  // namespace millrace
