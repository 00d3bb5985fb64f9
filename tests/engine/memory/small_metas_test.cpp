// SPDX-License-Identifier: MIT
// TraceMeta, ReferenceTimestampMeta, and the KeyValues that metas carry.
#include <gtest/gtest.h>

#include "tests/engine/memory/metas.h"

namespace millrace {
namespace {

TEST(TraceMeta, tells_the_touches_in_their_order) {
  TraceMeta trace;
  trace.touch(4, 100);
  trace.touch(2, 200);

  ASSERT_EQ(trace.kept(), 2U);
  EXPECT_EQ(trace.kept(0), (TraceMeta::Touch{4, 100}));
  EXPECT_EQ(trace.kept(1), (TraceMeta::Touch{2, 200}));
  EXPECT_EQ(trace.overwritten(), 0U);
}

TEST(TraceMeta, keeps_the_newest_and_counts_the_rest) {
  TraceMeta trace;
  for (uint16_t stage = 0; stage < 11; ++stage) trace.touch(stage, stage);

  EXPECT_EQ(trace.kept(), TraceMeta::room);
  EXPECT_EQ(trace.overwritten(), 3U);
  EXPECT_EQ(trace.kept(0).stage, 3U);
  EXPECT_EQ(trace.kept(TraceMeta::room - 1).stage, 10U);
}

TEST(TraceMeta, goes_along_with_copies) {
  const Ref<Buffer> buffer = buffer_of(4);
  buffer->add(TraceMeta{}).value()->touch(1, 10);

  const Ref<Buffer> copy = copy_buffer(*buffer).take();

  ASSERT_NE(copy->find<TraceMeta>(), nullptr);
  EXPECT_EQ(copy->find<TraceMeta>()->kept(0), (TraceMeta::Touch{1, 10}));
}

TEST(TraceMeta, is_filled_where_there_is_one_and_nobody_else_has_the_buffer) {
  const Ref<Buffer> plain = Buffer::create();
  note_touch(*plain, 1);
  EXPECT_EQ(plain->metas().count(), 0U);

  const Ref<Buffer> traced = Buffer::create();
  ASSERT_TRUE(traced->add(TraceMeta{}).has_value());
  note_touch(*traced, 1);
  const Ref<Buffer> second = traced;
  note_touch(*traced, 2);
  ASSERT_EQ(traced->find<TraceMeta>()->kept(), 1U);
  EXPECT_EQ(traced->find<TraceMeta>()->kept(0).stage, 1U);
}

TEST(ReferenceTimestampMeta, is_there_once_where_two_say_the_same) {
  const Ref<Buffer> buffer = Buffer::create();
  const ReferenceTimestampMeta ntp{"timestamp/x-ntp", Duration(1), std::nullopt, {}};
  ReferenceTimestampMeta later = ntp;
  later.timestamp = Duration(2);

  ASSERT_TRUE(buffer->add(ntp).has_value());
  ASSERT_TRUE(buffer->add(later).has_value());
  const Result<ReferenceTimestampMeta*> again = buffer->add(ntp);

  EXPECT_EQ(again.value(), buffer->find<ReferenceTimestampMeta>());
  EXPECT_EQ(buffer->metas().count(), 2U);
}

TEST(ReferenceTimestampMeta, outlives_every_transform) {
  const Ref<Buffer> buffer = Buffer::create();
  ASSERT_TRUE(buffer->add(ReferenceTimestampMeta{"gps", Duration(1), {}, {}}).has_value());

  for (const MetaTransform& how :
       std::vector<MetaTransform>{CropTransform{{0, 0, 1, 1}}, ScaleTransform{2, 2, 1, 1},
                                  MatrixTransform{}, UserTransform{"any", nullptr}}) {
    const Ref<Buffer> to = Buffer::create();
    buffer->metas().transform_to(*to->edit_metas().value(), how, *to);
    EXPECT_NE(to->find<ReferenceTimestampMeta>(), nullptr);
  }
}

TEST(KeyValues, keep_the_order_in_which_names_came) {
  KeyValues values{{"b", int64_t{1}}, {"a", true}};
  values.set("c", 0.5);
  values.set("b", std::string("two"));

  std::string names;
  for (const KeyValues::Entry& entry : values.entries()) names += entry.first;
  EXPECT_EQ(names, "bac");
  EXPECT_EQ(values.find<std::string>("b"), "two");
}

TEST(KeyValues, find_only_the_type_that_is_asked_for) {
  const KeyValues values{{"a", int64_t{1}}};
  EXPECT_EQ(values.find<int64_t>("a"), 1);
  EXPECT_EQ(values.find<double>("a"), std::nullopt);
  EXPECT_EQ(values.find<int64_t>("b"), std::nullopt);
}

TEST(KeyValues, remove_a_name) {
  KeyValues values{{"a", int64_t{1}}};
  EXPECT_TRUE(values.remove("a"));
  EXPECT_FALSE(values.remove("a"));
  EXPECT_TRUE(values.entries().empty());
}

TEST(KeyValues, refuse_bytes_that_they_would_not_have_written) {
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  writer.u64(~uint64_t{0});
  ByteReader endless(bytes);
  EXPECT_TRUE(refused(KeyValues::read(endless), ErrorKind::usage));

  bytes.clear();
  KeyValues{{"a", int64_t{1}}}.write(writer);
  bytes[8 + 8 + 1] = std::byte{9};
  ByteReader unknown(bytes);
  EXPECT_TRUE(refused(KeyValues::read(unknown), ErrorKind::usage));
}

TEST(KeyValues, refuse_a_flag_that_is_neither_yes_nor_no) {
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  KeyValues{{"a", true}}.write(writer);
  bytes.back() = std::byte{7};
  ByteReader reader(bytes);
  EXPECT_TRUE(refused(KeyValues::read(reader), ErrorKind::usage));
}

/// `names` as bytes, each with a flag.
std::vector<std::byte> written(const std::vector<std::string>& names) {
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  writer.u64(names.size());
  for (const std::string& name : names) {
    writer.text(name);
    writer.u8(0);
    writer.flag(true);
  }
  return bytes;
}

// Compared each with each, as many would take minutes.
TEST(KeyValues, are_read_by_the_hundred_thousand_in_the_order_in_which_they_came) {
  std::vector<std::string> names;
  for (size_t number = 100'000; number != 0; --number) names.push_back(std::to_string(number));
  const std::vector<std::byte> bytes = written(names);
  ByteReader reader(bytes);

  const KeyValues values = KeyValues::read(reader).take();

  ASSERT_EQ(values.entries().size(), names.size());
  EXPECT_EQ(values.entries().front().first, "100000");
  EXPECT_EQ(values.entries().back().first, "1");
}

TEST(KeyValues, refuse_a_name_that_comes_again_far_behind) {
  std::vector<std::string> names;
  for (size_t number = 0; number < 1000; ++number) names.push_back(std::to_string(number));
  names.emplace_back("7");
  const std::vector<std::byte> bytes = written(names);
  ByteReader reader(bytes);

  const Result<KeyValues> values = KeyValues::read(reader);

  ASSERT_TRUE(refused(values, ErrorKind::usage));
  EXPECT_NE(values.error().what.find("\"7\" comes twice"), std::string::npos);
}

TEST(KeyValues, refuse_a_name_that_comes_twice) {
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  writer.u64(2);
  for (int entry = 0; entry < 2; ++entry) {
    writer.text("a");
    writer.u8(0);
    writer.u8(1);
  }
  ByteReader reader(bytes);
  EXPECT_TRUE(refused(KeyValues::read(reader), ErrorKind::usage));
}

}  // namespace
}  // namespace millrace
