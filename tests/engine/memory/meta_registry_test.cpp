// SPDX-License-Identifier: MIT
#include "engine/memory/meta_registry.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "tests/engine/memory/metas.h"

namespace millrace {
namespace {

TEST(MetaRegistry, knows_the_engines_own_metas) {
  for (const std::string_view name :
       {"VideoMeta", "CropMeta", "RegionOfInterestMeta", "ReferenceTimestampMeta",
        "ParentBufferMeta", "TraceMeta", "KeyValueMeta"}) {
    const MetaType* const type = MetaRegistry::shared().find(name);
    ASSERT_NE(type, nullptr) << name;
    EXPECT_EQ(type->facts.name, name);
  }
}

TEST(MetaRegistry, finds_what_was_registered_by_its_name) {
  MetaRegistry registry;
  EXPECT_EQ(registry.find("FooMeta"), nullptr);

  ASSERT_TRUE(registry.add<FooMeta>().has_value());

  ASSERT_NE(registry.find("FooMeta"), nullptr);
  EXPECT_EQ(*registry.find("FooMeta"), meta_type<FooMeta>);
}

TEST(MetaRegistry, refuses_a_name_that_is_taken) {
  MetaRegistry registry;
  ASSERT_TRUE(registry.add<FooMeta>().has_value());

  EXPECT_TRUE(refused(registry.add<FooMeta>(), ErrorKind::usage));
  EXPECT_TRUE(refused(registry.add<VideoMeta>(), ErrorKind::usage));
}

TEST(MetaRegistry, lists_all_ways_to_say_one_thing) {
  MetaRegistry registry;
  ASSERT_TRUE(registry.add<OtherFooMeta>().has_value());
  ASSERT_TRUE(registry.add<FooMeta>().has_value());

  const std::vector<const MetaType*> found = registry.of_api("Foo");

  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0]->facts.name, "FooMeta");
  EXPECT_EQ(found[1]->facts.name, "OtherFooMeta");
}

TEST(MetaRegistry, says_what_an_api_speaks_of) {
  const MetaRegistry& registry = MetaRegistry::shared();
  EXPECT_EQ(registry.tags_of_api("VideoMeta"),
            (MetaTags{MetaTag::video, MetaTag::memory, MetaTag::colorspace, MetaTag::size}));
  EXPECT_EQ(registry.tags_of_api("CropMeta"),
            (MetaTags{MetaTag::video, MetaTag::size, MetaTag::orientation}));
  EXPECT_EQ(registry.tags_of_api("RegionOfInterestMeta"),
            (MetaTags{MetaTag::video, MetaTag::orientation, MetaTag::size}));
  EXPECT_EQ(registry.tags_of_api("ParentBufferMeta"), MetaTags{MetaTag::memory_reference});
  EXPECT_EQ(registry.tags_of_api("ReferenceTimestampMeta"), MetaTags{});
  EXPECT_EQ(registry.tags_of_api("nothing"), std::nullopt);
}

struct LoudFooMeta {
  static constexpr MetaFacts facts{
      .name = "LoudFooMeta", .api = "Foo", .tags = {MetaTag::audio}, .version = 0};
};

TEST(MetaRegistry, refuses_an_api_with_two_sets_of_tags) {
  MetaRegistry registry;
  ASSERT_TRUE(registry.add<FooMeta>().has_value());
  EXPECT_TRUE(refused(registry.add<LoudFooMeta>(), ErrorKind::usage));
}

TEST(MetaRegistry, lends_a_tag_to_one_name) {
  MetaRegistry registry;
  constexpr MetaTag depth = user_meta_tag(3);

  ASSERT_TRUE(registry.name_tag(depth, "depth").has_value());

  EXPECT_EQ(registry.tag_named("depth"), depth);
  EXPECT_EQ(registry.name_of(depth), "depth");
  EXPECT_TRUE(registry.name_tag(depth, "depth").has_value());
  EXPECT_TRUE(refused(registry.name_tag(depth, "height"), ErrorKind::usage));
  EXPECT_TRUE(refused(registry.name_tag(user_meta_tag(4), "depth"), ErrorKind::usage));
  EXPECT_TRUE(refused(registry.name_tag(user_meta_tag(4), "video"), ErrorKind::usage));
  EXPECT_EQ(registry.name_of(user_meta_tag(4)), "");
  EXPECT_EQ(registry.tag_named(""), std::nullopt);
}

TEST(MetaTags, are_sets) {
  constexpr MetaTags tags{MetaTag::video, user_meta_tag(56)};
  static_assert(tags.has(MetaTag::video) && tags.has(user_meta_tag(56)));
  static_assert(!tags.has(MetaTag::size));
  static_assert(MetaTags{MetaTag::video}.within(tags));
  static_assert(!tags.within({MetaTag::video}));
  EXPECT_TRUE(MetaTags{}.within(tags));
}

TEST(MetaRegistry, lets_one_of_many_threads_register_a_name) {
  MetaRegistry registry;
  std::atomic<int> registered = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        if (registry.add<FooMeta>()) ++registered;
        EXPECT_NE(registry.find("FooMeta"), nullptr);
      });
    }
  }
  EXPECT_EQ(registered, 1);
}

}  // namespace
}  // namespace millrace
