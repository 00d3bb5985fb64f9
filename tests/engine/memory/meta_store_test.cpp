// SPDX-License-Identifier: MIT
#include "engine/memory/meta_store.h"

#include <set>

#include <gtest/gtest.h>

#include "engine/base/sanitizer.h"
#include "tests/engine/memory/metas.h"

namespace millrace {
namespace {

using Names = std::vector<std::string>;

TEST(MetaStore, finds_what_was_added) {
  const Ref<Buffer> buffer = Buffer::create();
  ASSERT_TRUE(buffer->add(CropMeta{1, 2, 3, 4}).has_value());
  ASSERT_TRUE(buffer->add(TimesMeta{.pts = 5}).has_value());

  ASSERT_NE(buffer->find<CropMeta>(), nullptr);
  EXPECT_EQ(*buffer->find<CropMeta>(), (CropMeta{1, 2, 3, 4}));
  ASSERT_NE(buffer->find<TimesMeta>(), nullptr);
  EXPECT_EQ(buffer->find<TimesMeta>()->pts, 5);
  EXPECT_EQ(buffer->find<VideoMeta>(), nullptr);
  EXPECT_EQ(buffer->find<FooMeta>(), nullptr);
}

TEST(MetaStore, gives_what_add_returned) {
  const Ref<Buffer> buffer = Buffer::create();

  const Result<CropMeta*> crop = buffer->add(CropMeta{1, 2, 3, 4});
  const Result<FooMeta*> foo = buffer->add(FooMeta{7});

  EXPECT_EQ(crop.value(), buffer->find<CropMeta>());
  EXPECT_EQ(foo.value(), buffer->find<FooMeta>());
}

TEST(MetaStore, is_changed_only_by_a_sole_owner) {
  const Ref<Buffer> buffer = Buffer::create();
  ASSERT_TRUE(buffer->add(FooMeta{1}).has_value());
  const Ref<Buffer> second = buffer;

  EXPECT_TRUE(refused(buffer->add(CropMeta{}), ErrorKind::denied));
  EXPECT_TRUE(refused(buffer->set(FooMeta{2}), ErrorKind::denied));
  EXPECT_TRUE(refused(buffer->remove<FooMeta>(), ErrorKind::denied));
  EXPECT_TRUE(refused(buffer->edit_metas(), ErrorKind::denied));
  EXPECT_EQ(buffer->find<FooMeta>()->number, 1);
}

TEST(MetaStore, case_106_a_locked_meta_stays) {
  const Ref<Buffer> buffer = Buffer::create();
  ASSERT_TRUE(buffer->add(TimesMeta{}, {.locked = true}).has_value());
  ASSERT_TRUE(buffer->add(CropMeta{}, {.locked = true}).has_value());
  MetaStore& metas = *buffer->edit_metas().value();
  const uint64_t times = metas.next(0)->id();

  EXPECT_TRUE(refused(buffer->remove<TimesMeta>(), ErrorKind::denied));
  EXPECT_TRUE(refused(buffer->remove<CropMeta>(), ErrorKind::denied));
  EXPECT_TRUE(refused(metas.remove(times), ErrorKind::denied));
  const auto removed = metas.remove_if([](const MetaView&) { return true; });
  EXPECT_EQ(removed.locked, 2U);
  EXPECT_EQ(metas.count(), 2U);

  ASSERT_TRUE(metas.set_flags(times, {}).has_value());
  EXPECT_TRUE(buffer->remove<TimesMeta>().has_value());
  EXPECT_EQ(names_of(*buffer), Names{"CropMeta"});
}

TEST(MetaStore, case_107_removes_one_of_one) {
  const Ref<Buffer> buffer = Buffer::create();
  ASSERT_TRUE(buffer->add(TimesMeta{}).has_value());

  const auto removed =
      buffer->edit_metas().value()->remove_if([](const MetaView&) { return true; });

  EXPECT_EQ(removed.count, 1U);
  EXPECT_EQ(buffer->metas().count(), 0U);
}

TEST(MetaStore, case_109_removes_those_that_are_not_pooled) {
  const Ref<Buffer> buffer = Buffer::create();
  for (int number = 1; number <= 5; ++number) {
    const bool pooled = number == 2 || number == 5;
    ASSERT_TRUE(buffer->add(FooMeta{number}, {.pooled = pooled}).has_value());
  }

  const auto removed = buffer->edit_metas().value()->remove_if(
      [](const MetaView& meta) { return !meta.flags().pooled; });

  EXPECT_EQ(removed.count, 3U);
  std::vector<int> left;
  for (const MetaView& meta : buffer->metas().all()) left.push_back(meta.as<FooMeta>()->number);
  EXPECT_EQ(left, (std::vector<int>{2, 5}));
}

TEST(MetaStore, case_110_goes_through_all_or_those_of_one_api) {
  const Ref<Buffer> buffer = Buffer::create();
  ASSERT_TRUE(buffer->add(TimesMeta{}).has_value());
  ASSERT_TRUE(buffer->add(FooMeta{}).has_value());
  ASSERT_TRUE(buffer->add(TimesMeta{}).has_value());

  EXPECT_EQ(names_of(*buffer), (Names{"TimesMeta", "FooMeta", "TimesMeta"}));
  EXPECT_EQ(names_of(buffer->metas().of_api("Times")).size(), 2U);
  EXPECT_EQ(names_of(buffer->metas().of_api("Foo")).size(), 1U);
}

TEST(MetaStore, lists_all_that_speak_of_one_thing_whichever_struct_says_it) {
  const Ref<Buffer> buffer = Buffer::create();
  ASSERT_TRUE(buffer->add(OtherFooMeta{"a"}).has_value());
  ASSERT_TRUE(buffer->add(CropMeta{}).has_value());
  ASSERT_TRUE(buffer->add(FooMeta{}).has_value());

  EXPECT_EQ(names_of(buffer->metas().of_api("Foo")), (Names{"OtherFooMeta", "FooMeta"}));
}

TEST(MetaStore, keeps_the_order_of_adding_across_places_and_chain) {
  const Ref<Buffer> buffer = Buffer::create();
  ASSERT_TRUE(buffer->add(FooMeta{}).has_value());
  ASSERT_TRUE(buffer->add(TraceMeta{}).has_value());
  ASSERT_TRUE(buffer->add(TimesMeta{}).has_value());
  ASSERT_TRUE(buffer->add(CropMeta{}).has_value());

  EXPECT_EQ(names_of(*buffer), (Names{"FooMeta", "TraceMeta", "TimesMeta", "CropMeta"}));
}

TEST(MetaStore, gives_no_two_metas_one_id) {
  const Ref<Buffer> buffer = Buffer::create();
  std::set<uint64_t> ids;
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(buffer->add(CropMeta{}).has_value());
    ASSERT_TRUE(buffer->add(FooMeta{}).has_value());
    for (const MetaView& meta : buffer->metas().all()) ids.insert(meta.id());
    ASSERT_TRUE(buffer->remove<CropMeta>().has_value());
    ASSERT_TRUE(buffer->remove<FooMeta>().has_value());
  }
  EXPECT_EQ(ids.size(), 6U);
}

TEST(MetaStore, takes_several_of_a_type_and_removes_the_first) {
  const Ref<Buffer> buffer = Buffer::create();
  for (uint32_t x = 1; x <= 3; ++x) ASSERT_TRUE(buffer->add(CropMeta{x, 0, 1, 1}).has_value());

  for (uint32_t x = 1; x <= 3; ++x) {
    ASSERT_NE(buffer->crop(), nullptr);
    EXPECT_EQ(buffer->crop()->x, x);
    ASSERT_TRUE(buffer->remove<CropMeta>().has_value());
  }
  EXPECT_EQ(buffer->crop(), nullptr);
}

TEST(MetaStore, removes_one_of_several_by_its_id) {
  const Ref<Buffer> buffer = Buffer::create();
  for (uint32_t x = 1; x <= 3; ++x) ASSERT_TRUE(buffer->add(CropMeta{x, 0, 1, 1}).has_value());
  MetaStore& metas = *buffer->edit_metas().value();
  const uint64_t second = metas.next(metas.next(0)->id() + 1)->id();

  ASSERT_TRUE(metas.remove(second).has_value());

  std::vector<uint32_t> left;
  for (const MetaView& meta : metas.all()) left.push_back(meta.as<CropMeta>()->x);
  EXPECT_EQ(left, (std::vector<uint32_t>{1, 3}));
  EXPECT_EQ(metas.remove(second).error().kind, ErrorKind::unavailable);
}

TEST(MetaStore, sets_the_first_of_a_type_or_adds_one) {
  const Ref<Buffer> buffer = Buffer::create();

  ASSERT_TRUE(buffer->set(FooMeta{1}).has_value());
  ASSERT_TRUE(buffer->set(FooMeta{2}).has_value());
  ASSERT_TRUE(buffer->set(CropMeta{1, 1, 1, 1}).has_value());
  ASSERT_TRUE(buffer->set(CropMeta{2, 2, 2, 2}).has_value());

  EXPECT_EQ(buffer->metas().count(), 2U);
  EXPECT_EQ(buffer->find<FooMeta>()->number, 2);
  EXPECT_EQ(buffer->crop()->x, 2U);
}

TEST(MetaStore, edits_no_read_only_meta_and_none_that_is_not_there) {
  const Ref<Buffer> buffer = Buffer::create();
  ASSERT_TRUE(buffer->add(FooMeta{1}, {.read_only = true}).has_value());

  EXPECT_TRUE(refused(buffer->edit_metas().value()->edit<FooMeta>(), ErrorKind::denied));
  EXPECT_TRUE(refused(buffer->set(FooMeta{2}), ErrorKind::denied));
  EXPECT_TRUE(refused(buffer->edit_metas().value()->edit<CropMeta>(), ErrorKind::unavailable));
  EXPECT_EQ(buffer->find<FooMeta>()->number, 1);
}

TEST(MetaStore, removes_those_with_a_tag_also_locked_ones) {
  const Ref<Buffer> buffer = buffer_of(96);
  ASSERT_TRUE(buffer->add(nv12(8, 8), {.locked = true}).has_value());
  ASSERT_TRUE(buffer->add(CropMeta{}).has_value());

  buffer->edit_metas().value()->remove_tagged(MetaTag::memory);

  EXPECT_EQ(names_of(*buffer), Names{"CropMeta"});
}

TEST(MetaStore, destroys_each_meta_once) {
  ASSERT_EQ(CountedMeta::alive, 0);
  {
    const Ref<Buffer> buffer = Buffer::create();
    for (int number = 0; number < 4; ++number) ASSERT_TRUE(buffer->add(CountedMeta{}).has_value());
    EXPECT_EQ(CountedMeta::alive, 4);
    ASSERT_TRUE(buffer->remove<CountedMeta>().has_value());
    EXPECT_EQ(CountedMeta::alive, 3);
    buffer->edit_metas().value()->clear();
    EXPECT_EQ(CountedMeta::alive, 0);
    ASSERT_TRUE(buffer->add(CountedMeta{}).has_value());
  }
  EXPECT_EQ(CountedMeta::alive, 0);
}

TEST(MetaStore, is_out_of_the_ordinary_only_while_it_has_metas_without_a_place) {
  const Ref<Buffer> buffer = Buffer::create();
  ASSERT_TRUE(buffer->add(FooMeta{}).has_value());
  EXPECT_TRUE(buffer->metas().says(meta_bits::chain_changed));

  ASSERT_TRUE(buffer->remove<FooMeta>().has_value());

  EXPECT_FALSE(buffer->metas().says(meta_bits::chain_changed));
}

TEST(MetaStore, takes_a_removed_metas_block_for_the_next_one) {
  if (with_address_sanitizer) GTEST_SKIP() << "under AddressSanitizer every block is a new one";
  const Ref<Buffer> buffer = Buffer::create();
  const void* const first = buffer->add(FooMeta{}).value();
  ASSERT_TRUE(buffer->remove<FooMeta>().has_value());

  EXPECT_EQ(buffer->add(FooMeta{}).value(), first);
}

TEST(MetaStore, case_112_values_change_only_while_nobody_else_has_the_buffer) {
  Ref<Buffer> buffer = Buffer::create();
  ASSERT_TRUE(buffer->add(KeyValueMeta{"test", {{"field", int64_t{42}}}}).has_value());
  Ref<Buffer> second = buffer;

  EXPECT_TRUE(refused(buffer->edit_metas(), ErrorKind::denied));
  EXPECT_EQ(buffer->find<KeyValueMeta>()->values.find<int64_t>("field"), 42);

  ASSERT_TRUE(make_writable(second).has_value());
  second->edit_metas().value()->edit<KeyValueMeta>().value()->values.set("field", int64_t{43});
  EXPECT_EQ(buffer->find<KeyValueMeta>()->values.find<int64_t>("field"), 42);
  EXPECT_EQ(second->find<KeyValueMeta>()->values.find<int64_t>("field"), 43);
}

}  // namespace
}  // namespace millrace
