// SPDX-License-Identifier: MIT
// What a pool sees to with the metas of its buffers: they are there, as they were, at each loan.
#include <gtest/gtest.h>

#include "tests/engine/memory/metas.h"

namespace millrace {
namespace {

using Names = std::vector<std::string>;

/// Forgets its number at each return.
struct ForgetfulMeta {
  static constexpr MetaFacts facts{
      .name = "ForgetfulMeta", .api = "Forgetful", .tags = {}, .version = 0};

  int number = 0;

  static void clear(ForgetfulMeta& meta) { meta.number = 0; }
};

/// A buffer as a pool makes it: with a crop, and a meta in the chain.
Ref<Buffer> of_a_pool() {
  Ref<Buffer> buffer = Buffer::create();
  EXPECT_TRUE(buffer->add(CropMeta{1, 1, 1, 1}).has_value());
  EXPECT_TRUE(buffer->add(FooMeta{1}).has_value());
  buffer->edit_metas().value()->pool_all();
  return buffer;
}

TEST(MetaHome, is_where_nothing_happened) {
  const Ref<Buffer> buffer = of_a_pool();

  EXPECT_TRUE(buffer->metas().is_home());
  for (const MetaView& meta : buffer->metas().all()) {
    EXPECT_EQ(meta.flags(), (MetaFlags{.pooled = true, .locked = true}));
  }
}

TEST(MetaHome, is_where_what_was_added_was_removed_again) {
  const Ref<Buffer> buffer = of_a_pool();
  ASSERT_TRUE(buffer->add(TraceMeta{}).has_value());
  EXPECT_FALSE(buffer->metas().is_home());

  ASSERT_TRUE(buffer->remove<TraceMeta>().has_value());
  EXPECT_TRUE(buffer->metas().is_home());
}

TEST(MetaHome, case_139_keeps_the_pools_metas_and_removes_the_others_even_if_locked) {
  const Ref<Buffer> buffer = of_a_pool();
  ASSERT_TRUE(buffer->add(TimesMeta{}, {.locked = true}).has_value());
  ASSERT_TRUE(buffer->add(TraceMeta{}, {.locked = true}).has_value());
  ASSERT_TRUE(buffer->add(ParentBufferMeta{Buffer::create()}).has_value());
  EXPECT_FALSE(buffer->metas().is_home());

  buffer->edit_metas().value()->reset_to_pooled();

  EXPECT_EQ(names_of(*buffer), (Names{"CropMeta", "FooMeta"}));
  EXPECT_TRUE(buffer->metas().is_home());
}

TEST(MetaHome, restores_what_was_set_or_edited) {
  const Ref<Buffer> buffer = of_a_pool();
  ASSERT_TRUE(buffer->set(CropMeta{2, 2, 2, 2}).has_value());
  ASSERT_TRUE(buffer->set(CropMeta{3, 3, 3, 3}).has_value());
  buffer->edit_metas().value()->edit<FooMeta>().value()->number = 5;
  EXPECT_FALSE(buffer->metas().is_home());

  buffer->edit_metas().value()->reset_to_pooled();

  EXPECT_EQ(buffer->crop()->x, 1U);
  EXPECT_EQ(buffer->find<FooMeta>()->number, 1);
  EXPECT_TRUE(buffer->metas().is_home());
}

TEST(MetaHome, restores_again_at_every_return) {
  const Ref<Buffer> buffer = of_a_pool();
  for (uint32_t round = 2; round < 5; ++round) {
    ASSERT_TRUE(buffer->set(CropMeta{round, round, 1, 1}).has_value());
    ASSERT_TRUE(buffer->set(FooMeta{static_cast<int>(round)}).has_value());
    buffer->edit_metas().value()->reset_to_pooled();
    EXPECT_EQ(buffer->crop()->x, 1U);
    EXPECT_EQ(buffer->find<FooMeta>()->number, 1);
  }
}

TEST(MetaHome, has_again_what_was_taken_away_by_force) {
  for (const bool all : {true, false}) {
    const Ref<Buffer> buffer = of_a_pool();
    MetaStore& metas = *buffer->edit_metas().value();
    ASSERT_TRUE(buffer->add(CropMeta{2, 2, 2, 2}).has_value());
    ASSERT_TRUE(buffer->set(CropMeta{3, 3, 1, 1}).has_value());
    if (all) {
      metas.clear();
      EXPECT_EQ(metas.count(), 0U);
    } else {
      metas.remove_tagged(MetaTag::size);
      EXPECT_EQ(buffer->crop(), nullptr);
    }
    EXPECT_FALSE(metas.is_home());

    metas.reset_to_pooled();

    EXPECT_EQ(names_of(*buffer), (Names{"CropMeta", "FooMeta"}));
    EXPECT_EQ(*buffer->crop(), (CropMeta{1, 1, 1, 1}));
    EXPECT_TRUE(metas.is_home());
    EXPECT_TRUE(refused(buffer->remove<CropMeta>(), ErrorKind::denied));
  }
}

TEST(MetaHome, misses_one_of_the_chain_that_was_taken_away) {
  const Ref<Buffer> buffer = buffer_of(10);
  ASSERT_TRUE(buffer->add(FooMeta{1}).has_value());
  MetaStore& metas = *buffer->edit_metas().value();
  metas.pool_all();
  metas.clear();
  EXPECT_FALSE(metas.is_home());
  metas.reset_to_pooled();
  EXPECT_TRUE(metas.is_home());
  EXPECT_EQ(buffer->find<FooMeta>()->number, 1);
}

TEST(MetaHome, leaves_the_pools_flags_to_the_pool) {
  const Ref<Buffer> buffer = of_a_pool();
  MetaStore& metas = *buffer->edit_metas().value();

  EXPECT_TRUE(refused(metas.set_flags(metas.next(0)->id(), {}), ErrorKind::denied));
  EXPECT_TRUE(refused(buffer->remove<CropMeta>(), ErrorKind::denied));
}

TEST(MetaHome, keeps_a_second_one_beside_the_pools) {
  const Ref<Buffer> buffer = of_a_pool();
  ASSERT_TRUE(buffer->add(CropMeta{2, 2, 2, 2}).has_value());

  buffer->edit_metas().value()->reset_to_pooled();

  EXPECT_EQ(names_of(*buffer), (Names{"CropMeta", "FooMeta"}));
  EXPECT_EQ(buffer->crop()->x, 1U);
}

TEST(MetaHome, gives_the_place_back_to_the_pools_picture) {
  const Ref<Buffer> buffer = buffer_of(96);
  VideoMeta pooled = nv12(8, 8);
  pooled.id = 5;
  ASSERT_TRUE(buffer->add(pooled).has_value());
  buffer->edit_metas().value()->pool_all();
  ASSERT_TRUE(buffer->set(nv12(4, 4)).has_value());
  VideoMeta lower = nv12(2, 2);
  lower.id = 0;
  ASSERT_TRUE(buffer->add(lower).has_value());

  buffer->edit_metas().value()->reset_to_pooled();

  ASSERT_NE(buffer->video(), nullptr);
  EXPECT_EQ(*buffer->video(), pooled);
  EXPECT_TRUE(buffer->metas().is_home());
}

TEST(MetaHome, restores_a_picture_that_was_only_pointed_to) {
  const CheckedVideoMeta checked = CheckedVideoMeta::create(nv12(8, 8)).take();
  const Ref<Buffer> buffer = buffer_of(96);
  ASSERT_TRUE(buffer->add(checked).has_value());
  buffer->edit_metas().value()->pool_all();
  ASSERT_TRUE(buffer->set(nv12(4, 4)).has_value());

  buffer->edit_metas().value()->reset_to_pooled();

  EXPECT_EQ(*buffer->video(), nv12(8, 8));
  EXPECT_EQ(checked.meta(), nv12(8, 8));
}

TEST(MetaHome, keeps_what_somebody_else_marked_as_pooled) {
  const Ref<Buffer> buffer = of_a_pool();
  ASSERT_TRUE(buffer->add(TraceMeta{}, {.pooled = true}).has_value());
  ASSERT_TRUE(buffer->add(TimesMeta{}).has_value());

  buffer->edit_metas().value()->reset_to_pooled();

  EXPECT_EQ(names_of(*buffer), (Names{"CropMeta", "FooMeta", "TraceMeta"}));
}

TEST(MetaHome, lets_go_of_a_parent_that_was_added) {
  const Ref<Buffer> buffer = of_a_pool();
  const Ref<Buffer> parent = Buffer::create();
  ASSERT_TRUE(buffer->add(ParentBufferMeta{parent}).has_value());

  buffer->edit_metas().value()->reset_to_pooled();

  EXPECT_EQ(parent->references(), 1U);
  EXPECT_TRUE(buffer->metas().is_home());
}

TEST(MetaHome, clears_what_wants_to_be_cleared_even_if_nothing_is_known_to_have_changed) {
  const Ref<Buffer> buffer = Buffer::create();
  ForgetfulMeta* const meta = buffer->add(ForgetfulMeta{0}).value();
  buffer->edit_metas().value()->pool_all();
  meta->number = 7;
  EXPECT_FALSE(buffer->metas().is_home());

  buffer->edit_metas().value()->reset_to_pooled();

  EXPECT_EQ(buffer->find<ForgetfulMeta>()->number, 0);
}

TEST(MetaHome, without_metas_is_home) {
  const Ref<Buffer> buffer = Buffer::create();
  buffer->edit_metas().value()->pool_all();
  EXPECT_TRUE(buffer->metas().is_home());
  ASSERT_TRUE(buffer->add(CropMeta{}).has_value());
  buffer->edit_metas().value()->reset_to_pooled();
  EXPECT_TRUE(buffer->metas().is_home());
  EXPECT_EQ(buffer->metas().count(), 0U);
}

TEST(MetaHome, forgets_what_was_saved_with_the_buffer) {
  ASSERT_EQ(CountedMeta::alive, 0);
  {
    const Ref<Buffer> buffer = Buffer::create();
    ASSERT_TRUE(buffer->add(CountedMeta{}).has_value());
    buffer->edit_metas().value()->pool_all();
    ASSERT_TRUE(buffer->set(CountedMeta{}).has_value());
    EXPECT_EQ(CountedMeta::alive, 2);
  }
  EXPECT_EQ(CountedMeta::alive, 0);
}

}  // namespace
}  // namespace millrace
