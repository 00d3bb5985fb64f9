// SPDX-License-Identifier: MIT
// What becomes of metas when their buffer is copied.
#include <gtest/gtest.h>

#include "engine/memory/region_of_interest_meta.h"
#include "tests/engine/memory/metas.h"

namespace millrace {
namespace {

using Bytes = CopyParams::Bytes;
using Names = std::vector<std::string>;

/// 320x240 I420 with a picture, a crop and a parent.
Ref<Buffer> picture() {
  Ref<Buffer> buffer = buffer_of(115'200);
  const VideoMeta video{320, 240, tight_layout(PixelFormat::i420, 320, 240).take()};
  EXPECT_TRUE(buffer->add(video).has_value());
  EXPECT_TRUE(buffer->add(CropMeta{0, 0, 100, 100}).has_value());
  EXPECT_TRUE(buffer->add(ParentBufferMeta{Buffer::create()}).has_value());
  return buffer;
}

class MetaCopy : public WithAccount {
 protected:
  Names kept(CopyParams params) {
    params.into = &into_;
    const Result<Ref<Buffer>> copy = copy_buffer(*picture(), params);
    EXPECT_TRUE(copy.has_value());
    return copy ? names_of(**copy) : Names();
  }
};

TEST_F(MetaCopy, case_104_a_full_copy_has_the_same_values) {
  const Ref<Buffer> buffer = buffer_of(4);
  const TimesMeta times{.pts = 1000, .dts = 2000, .duration = 1000, .rate = 1000};
  ASSERT_TRUE(buffer->add(times).has_value());

  const Ref<Buffer> copy = copy_buffer(*buffer).take();

  ASSERT_NE(copy->find<TimesMeta>(), nullptr);
  EXPECT_EQ(*copy->find<TimesMeta>(), times);
}

struct StampedMeta {
  static constexpr MetaFacts facts{
      .name = "StampedMeta", .api = "StampedMeta", .tags = {}, .version = 0};

  KeyValues values;

  static std::optional<StampedMeta> transform(const StampedMeta& meta,
                                              const MetaTransform& /*how*/) {
    StampedMeta stamped = meta;
    stamped.values.set("user", int64_t{42});
    return stamped;
  }
};

TEST_F(MetaCopy, case_113_a_metas_own_transform_decides_what_the_copy_has) {
  const Ref<Buffer> buffer = buffer_of(4);
  ASSERT_TRUE(buffer->add(StampedMeta{}).has_value());

  const Ref<Buffer> copy = copy_buffer(*buffer).take();

  EXPECT_EQ(copy->find<StampedMeta>()->values.find<int64_t>("user"), 42);
  EXPECT_EQ(buffer->find<StampedMeta>()->values.find<int64_t>("user"), std::nullopt);
}

TEST_F(MetaCopy, case_116_all_keeps_everything) {
  EXPECT_EQ(kept({}), (Names{"VideoMeta", "CropMeta", "ParentBufferMeta"}));
}

TEST_F(MetaCopy, case_116_deep_drops_the_parent_of_the_bytes) {
  EXPECT_EQ(kept({.bytes = Bytes::deep}), (Names{"VideoMeta", "CropMeta"}));
}

TEST_F(MetaCopy, case_116_merge_drops_what_says_how_the_bytes_lie) {
  EXPECT_EQ(kept({.bytes = Bytes::merge}), (Names{"CropMeta", "ParentBufferMeta"}));
}

TEST_F(MetaCopy, case_116_metadata_alone_drops_what_says_how_the_bytes_lie) {
  EXPECT_EQ(kept({.bytes = Bytes::none}), (Names{"CropMeta", "ParentBufferMeta"}));
}

TEST_F(MetaCopy, case_116_a_region_drops_what_says_how_the_bytes_lie) {
  EXPECT_EQ(kept({.offset = 0, .size = 100}), (Names{"CropMeta", "ParentBufferMeta"}));
}

TEST_F(MetaCopy, copies_belong_to_nobody) {
  const Ref<Buffer> buffer = buffer_of(96);
  ASSERT_TRUE(buffer->add(nv12(8, 8)).has_value());
  ASSERT_TRUE(buffer->add(TimesMeta{}).has_value());
  buffer->edit_metas().value()->pool_all();

  const Ref<Buffer> copy = copy_buffer(*buffer).take();

  for (const MetaView& meta : copy->metas().all()) EXPECT_EQ(meta.flags(), MetaFlags{});
  EXPECT_TRUE(copy->remove<VideoMeta>().has_value());
  EXPECT_TRUE(copy->remove<TimesMeta>().has_value());
}

TEST_F(MetaCopy, go_behind_the_metas_that_the_target_has) {
  const Ref<Buffer> to = Buffer::create();
  ASSERT_TRUE(to->add(CropMeta{9, 9, 9, 9}).has_value());

  ASSERT_TRUE(copy_into(*picture(), *to).has_value());

  EXPECT_EQ(names_of(*to), (Names{"CropMeta", "VideoMeta", "CropMeta", "ParentBufferMeta"}));
  EXPECT_EQ(to->crop()->x, 9U);
}

TEST_F(MetaCopy, leave_out_a_picture_that_does_not_lie_in_the_target) {
  // Behind the target's own bytes the planes would be somewhere else.
  const Ref<Buffer> to = buffer_of(4);

  ASSERT_TRUE(copy_into(*picture(), *to).has_value());

  EXPECT_EQ(names_of(*to), (Names{"CropMeta", "ParentBufferMeta"}));
}

TEST_F(MetaCopy, drop_metas_that_say_nothing_of_transforms) {
  const Ref<Buffer> buffer = buffer_of(4);
  ASSERT_TRUE(buffer->add(FooMeta{}).has_value());

  EXPECT_EQ(copy_buffer(*buffer).take()->metas().count(), 0U);
}

/// Wants a buffer with as many bytes.
struct WantingMeta {
  static constexpr MetaFacts facts{
      .name = "WantingMeta", .api = "Wanting", .tags = {}, .version = 0};

  size_t bytes = 0;

  static Result<> check(const WantingMeta& meta, const Buffer& buffer) {
    if (buffer.size() >= meta.bytes) return {};
    return fail(ErrorKind::usage, "attach a meta: the buffer is too small", "Take another one.");
  }

  static std::optional<WantingMeta> transform(const WantingMeta& meta,
                                              const MetaTransform& /*how*/) {
    return meta;
  }
};

TEST_F(MetaCopy, leave_out_what_its_own_check_refuses_of_the_copy) {
  const Ref<Buffer> buffer = buffer_of(8);
  ASSERT_TRUE(buffer->add(WantingMeta{8}).has_value());
  ASSERT_TRUE(buffer->add(WantingMeta{4}).has_value());

  EXPECT_EQ(copy_buffer(*buffer).take()->metas().count(), 2U);
  EXPECT_EQ(view_of(*buffer, 0, 4).take()->metas().count(), 1U);
  const Ref<Buffer> to = Buffer::create();
  buffer->metas().transform_to(*to->edit_metas().value(), UserTransform{"any", nullptr}, *to);
  EXPECT_EQ(to->metas().count(), 0U);
}

TEST_F(MetaCopy, of_a_meta_store_into_itself_ends) {
  const Ref<Buffer> buffer = Buffer::create();
  ASSERT_TRUE(buffer->add(TimesMeta{.pts = 1}).has_value());
  MetaStore& metas = *buffer->edit_metas().value();

  metas.transform_to(metas, UserTransform{.name = "none"}, *buffer);

  EXPECT_EQ(metas.count(), 2U);
}

TEST_F(MetaCopy, case_092_a_parent_lives_as_long_as_the_child) {
  const Ref<Buffer> parent = Buffer::create();
  Ref<Buffer> child = Buffer::create();
  ASSERT_TRUE(child->add(ParentBufferMeta{parent}).has_value());

  EXPECT_EQ(child->find<ParentBufferMeta>()->buffer, parent);
  EXPECT_EQ(parent->references(), 2U);
  child = nullptr;
  EXPECT_EQ(parent->references(), 1U);
}

}  // namespace
}  // namespace millrace
