// SPDX-License-Identifier: MIT
#include "engine/memory/pool_config.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

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
  EXPECT_EQ(all.video->layout.plane[1].stride, 192U);
  EXPECT_EQ(all.video->layout.plane[2].stride, 192U);
  EXPECT_EQ(all.video->layout.plane[0].offset, 0U);
  EXPECT_EQ(all.video->layout.plane[1].offset, 95232U);
  EXPECT_EQ(all.video->layout.plane[2].offset, 119040U);
  EXPECT_EQ(all.params.align, 64U);
  EXPECT_EQ(all.options.video_alignment->right, 64U);
  for (const uint64_t bytes : std::span(all.options.video_alignment->stride_align).first(3)) {
    EXPECT_EQ(bytes, 64U) << "a number of bytes; the reference's mask is 63";
  }
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

/// Whether the pool's next buffer has a VideoMeta, and a note of when it was lent.
std::pair<bool, bool> effects_of(const PoolOptions& options) {
  PoolConfig config = i420;
  config.options = options;
  const Ref<BufferPool> pool = pool_of(config);
  const Ref<Buffer> buffer = pool->try_acquire();
  BufferPool::note_holder(*buffer, 3);
  const auto slots = pool->snapshot().slots;
  const auto lent = std::ranges::find(slots, SlotState::lent, &PoolSlot::state);
  return {buffer->video() != nullptr, lent->since.has_value()};
}

TEST(PoolConfig, case_142_an_option_has_its_effect_where_it_is_given_and_only_there) {
  EXPECT_EQ(effects_of({}), std::pair(true, false));
  EXPECT_EQ(effects_of({.video_meta = false}), std::pair(false, false));
  EXPECT_EQ(effects_of({.track_holders = true}), std::pair(true, true));
}

TEST(PoolConfig, case_142_an_option_that_is_given_twice_changes_nothing_the_second_time) {
  PoolConfig config = i420;
  const Ref<BufferPool> pool = pool_of(config);
  for (int time = 0; time < 2; ++time) {
    config.allocator = pool->config().allocator;
    config.options.video_alignment = VideoAlignment{.right = 2};
    ASSERT_TRUE(accepted(pool->configure(config)));
    EXPECT_EQ(pool->snapshot().generation, 2U);
  }
}

TEST(PoolConfig, refuses_buffers_without_a_byte_and_says_what_to_set) {
  for (const PoolConfig& config : {PoolConfig{}, PoolConfig{.video = VideoMeta{}}}) {
    const Result<PoolAnswer> answer = check_config(config);
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().kind, ErrorKind::usage);
    EXPECT_NE(answer.error().remedy.find("`size`"), std::string::npos);
  }
}

constexpr auto tiled = static_cast<Modifier>(0x0100000000000002);

TEST(PoolConfig, refuses_planes_with_more_rows_than_the_bytes_have) {
  PoolConfig config{.count = exactly(1), .video = video_of(PixelFormat::nv12, 64, 64)};
  config.video->layout.plane[1].rows = 1000;
  const Result<PoolAnswer> answer = check_config(config);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, ErrorKind::usage);
}

TEST(PoolConfig, refuses_to_align_what_only_a_device_can_lay_out) {
  PoolConfig config = aligned_i420({64}, false);
  config.video->layout.modifier = tiled;
  const Result<PoolAnswer> answer = check_config(config);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, ErrorKind::usage);
  EXPECT_NE(answer.error().what.find("tiled"), std::string::npos);
  config.options.video_alignment.reset();
  EXPECT_TRUE(accepted(check_config(config)));
}

/// Half a frame of 1920x1080.
PoolConfig fields() {
  PoolConfig config{.video = video_of(PixelFormat::nv16, 1920, 540)};
  config.interlace = InterlaceMode::alternate;
  return config;
}

TEST(PoolConfig, aligns_alternating_fields_as_parts_of_their_frame) {
  PoolConfig config = fields();
  config.options.video_alignment = VideoAlignment{.bottom = 8};
  const PoolConfig aligned = std::get<PoolAccepted>(*check_config(config)).config;
  const VideoInfo frame =
      VideoInfo::create({.format = PixelFormat::nv16, .width = 1920, .height = 1080},
                        InterlaceMode::alternate)
          .take();
  EXPECT_EQ(aligned.video->layout, align(frame, {.bottom = 8})->info.layout);
  EXPECT_EQ(aligned.video->layout.plane[0].rows, 544U);
  EXPECT_EQ(aligned.video->height, 540U);
  EXPECT_EQ(pool_of(config)->try_acquire()->video()->height, 540U);
  EXPECT_TRUE(check_satisfies(aligned, config).has_value());
  config.interlace = InterlaceMode::progressive;
  EXPECT_FALSE(check_satisfies(aligned, config).has_value());
}

TEST(PoolConfig, refuses_fields_of_a_frame_that_no_number_is_high_enough_for) {
  PoolConfig config = fields();
  config.options.video_alignment = VideoAlignment{.bottom = 8};
  config.video->height = UINT32_MAX / 2 + 6;  // twice that is 10 in 32 bits
  EXPECT_FALSE(check_config(config).has_value());
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
  const PoolConfig picture = std::get<PoolAccepted>(*check_config(i420)).config;
  PoolConfig other = picture;
  EXPECT_TRUE(check_satisfies(picture, other).has_value());
  for (const VideoMeta& video :
       {video_of(PixelFormat::yv12, 320, 240), video_of(PixelFormat::i420, 318, 240),
        video_of(PixelFormat::i420, 320, 238)}) {
    other.video = video;
    EXPECT_FALSE(check_satisfies(picture, other).has_value());
  }
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

/// Whether a pool with these flags does for who wants those.
bool flags_satisfy(const MemoryFlags& offered, const MemoryFlags& wanted) {
  const PoolConfig has{.size = 64, .params = {.flags = offered}};
  return check_satisfies(has, {.size = 64, .params = {.flags = wanted}}).has_value();
}

TEST(PoolConfig, satisfies_who_wants_a_promise_only_by_keeping_it) {
  for (const MemoryFlags& promise :
       {MemoryFlags{.zero_prefixed = true}, MemoryFlags{.zero_padded = true},
        MemoryFlags{.physically_contiguous = true}, MemoryFlags{.user = 4}}) {
    EXPECT_TRUE(flags_satisfy(promise, promise));
    EXPECT_TRUE(flags_satisfy(promise, {}));
    EXPECT_FALSE(flags_satisfy({}, promise));
  }
  EXPECT_FALSE(flags_satisfy({.user = 4}, {.user = 6}));
}

TEST(PoolConfig, satisfies_only_by_forbidding_exactly_what_is_to_be_forbidden) {
  for (const MemoryFlags& forbids : {MemoryFlags{.read_only = true}, MemoryFlags{.no_share = true},
                                     MemoryFlags{.not_mappable = true}}) {
    EXPECT_TRUE(flags_satisfy(forbids, forbids));
    EXPECT_FALSE(flags_satisfy(forbids, {}));
    EXPECT_FALSE(flags_satisfy({}, forbids));
  }
}

TEST(PoolConfig, does_not_satisfy_who_wants_pixels_in_another_order) {
  const PoolConfig linear = std::get<PoolAccepted>(*check_config(i420)).config;
  PoolConfig other = linear;
  other.video->layout.modifier = tiled;
  EXPECT_TRUE(check_satisfies(other, other).has_value());
  EXPECT_FALSE(check_satisfies(other, linear).has_value());
  EXPECT_FALSE(check_satisfies(linear, other).has_value());
}

TEST(PoolConfig, satisfies_by_planes_elsewhere_only_who_is_told_of_them) {
  const PoolConfig offered =
      std::get<PoolAccepted>(*check_config(aligned_i420({256}, false))).config;
  PoolConfig wanted = i420;
  EXPECT_TRUE(check_satisfies(offered, wanted).has_value());
  wanted.options.video_meta = false;
  EXPECT_FALSE(check_satisfies(offered, wanted).has_value());
  wanted.video = offered.video;
  EXPECT_TRUE(check_satisfies(offered, wanted).has_value());
}

}  // namespace
}  // namespace millrace
