// SPDX-License-Identifier: MIT
#include "engine/memory/meta_serialize.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/base/byte_writer.h"
#include "engine/memory/region_of_interest_meta.h"
#include "tests/engine/memory/metas.h"

namespace millrace {
namespace {

using Bytes = std::vector<std::byte>;

/// A buffer with one meta.
template <class M>
Ref<Buffer> buffer_of_meta(const M& meta) {
  Ref<Buffer> buffer = buffer_of(96);
  EXPECT_TRUE(buffer->add(meta).has_value());
  return buffer;
}

template <class M>
Bytes serialized(const M& meta) {
  Bytes bytes;
  EXPECT_TRUE(serialize(*buffer_of_meta(meta)->metas().next(0), bytes).has_value());
  return bytes;
}

/// `meta` as bytes and back, and that all bytes were used.
template <class M>
std::optional<M> round_trip(const M& meta) {
  const Bytes bytes = serialized(meta);
  const Ref<Buffer> to = buffer_of(96);
  const Result<ReadMeta> read = deserialize(bytes, *to);
  EXPECT_TRUE(read.has_value());
  EXPECT_EQ(read->consumed, bytes.size());
  EXPECT_FALSE(read->refused.has_value());
  return to->find<M>() ? std::optional<M>(*to->find<M>()) : std::nullopt;
}

/// A header as the format's text says, around `payload`.
Bytes meta_bytes(uint32_t total, uint32_t length, std::string_view name, const Bytes& payload) {
  Bytes bytes;
  ByteWriter writer(bytes);
  writer.u32(total);
  writer.u32(length);
  writer.bytes(bytes_of(name));
  writer.u8(0);
  writer.u8(0);
  writer.bytes(payload);
  return bytes;
}

TEST(MetaSerialize, case_115_a_reference_timestamp_comes_back_equal) {
  const ReferenceTimestampMeta meta{
      "timestamp/x-ntp", Duration(1), Duration(2), {{"number", int64_t{123}}, {"text", "hello"}}};
  EXPECT_EQ(round_trip(meta), meta);
}

TEST(MetaSerialize, case_115_a_reference_timestamp_without_a_duration_comes_back_equal) {
  const ReferenceTimestampMeta meta{"timestamp/x-ntp", Duration(-1), std::nullopt, {}};
  EXPECT_EQ(round_trip(meta), meta);
}

TEST(MetaSerialize, brings_back_each_of_the_engines_metas) {
  const CropMeta crop{1, 2, 3, 0xffffffff};
  EXPECT_EQ(round_trip(crop), crop);
  VideoMeta video = nv12(8, 8);
  video.id = 3;
  EXPECT_EQ(round_trip(video), video);
  const RegionOfInterestMeta region{
      {1, 2, 3, 4}, "face", -7, 3, {{"yes", true}, {"half", 0.5}, {"name", "x"}}};
  EXPECT_EQ(round_trip(region), region);
  const KeyValueMeta values{"topic", {{"a", int64_t{-1}}}};
  EXPECT_EQ(round_trip(values), values);
}

TEST(MetaSerialize, writes_what_the_format_says) {
  const Bytes bytes = serialized(CropMeta{1, 2, 3, 4});

  Bytes expected;
  ByteWriter writer(expected);
  for (const uint32_t number : {34U, 8U}) writer.u32(number);
  writer.bytes(bytes_of("CropMeta"));
  writer.u8(0);
  writer.u8(0);
  for (const uint32_t number : {1U, 2U, 3U, 4U}) writer.u32(number);
  EXPECT_EQ(bytes, expected);
}

TEST(MetaSerialize, writes_all_that_know_how_in_their_order) {
  const Ref<Buffer> from = buffer_of(96);
  ASSERT_TRUE(from->add(KeyValueMeta{"a", {}}).has_value());
  ASSERT_TRUE(from->add(FooMeta{}).has_value());
  ASSERT_TRUE(from->add(CropMeta{1, 2, 3, 4}).has_value());
  Bytes bytes;
  EXPECT_EQ(serialize_all(from->metas(), bytes).value(), 2U);

  const Ref<Buffer> to = Buffer::create();
  std::span<const std::byte> rest = bytes;
  while (!rest.empty()) rest = rest.subspan(deserialize(rest, *to)->consumed);

  EXPECT_EQ(names_of(*to), (std::vector<std::string>{"KeyValueMeta", "CropMeta"}));
}

struct StubbornMeta {
  static constexpr MetaFacts facts{
      .name = "StubbornMeta", .api = "Stubborn", .tags = {}, .version = 0};

  static Result<> serialize(const StubbornMeta& /*meta*/, ByteWriter& to) {
    to.u64(1);
    return fail(ErrorKind::unavailable, "it does not want to", "Ask another one.");
  }
};

TEST(MetaSerialize, leaves_nothing_of_what_failed) {
  const Ref<Buffer> buffer = Buffer::create();
  ASSERT_TRUE(buffer->add(CropMeta{}).has_value());
  ASSERT_TRUE(buffer->add(StubbornMeta{}).has_value());
  Bytes bytes{std::byte{1}};

  const Result<> one = serialize(*++buffer->metas().all().begin(), bytes);
  EXPECT_TRUE(refused(one, ErrorKind::unavailable));
  EXPECT_NE(one.error().what.find("StubbornMeta"), std::string::npos);
  EXPECT_TRUE(refused(serialize_all(buffer->metas(), bytes), ErrorKind::unavailable));
  EXPECT_EQ(bytes, Bytes{std::byte{1}});
}

TEST(MetaSerialize, refuses_a_type_that_says_not_how) {
  Bytes bytes;
  const Ref<Buffer> buffer = buffer_of_meta(FooMeta{});
  EXPECT_TRUE(refused(serialize(*buffer->metas().next(0), bytes), ErrorKind::unavailable));
}

TEST(MetaSerialize, skips_a_name_that_it_does_not_know) {
  const Bytes bytes = meta_bytes(4 + 4 + 7 + 2 + 3, 7, "unknown", Bytes(3));
  const Ref<Buffer> to = Buffer::create();

  const Result<ReadMeta> read = deserialize(bytes, *to);

  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->consumed, bytes.size());
  ASSERT_TRUE(read->refused.has_value());
  EXPECT_EQ(read->refused->kind, ErrorKind::unavailable);
  EXPECT_EQ(to->metas().count(), 0U);
}

TEST(MetaSerialize, skips_a_payload_that_is_wrong) {
  const Ref<Buffer> to = Buffer::create();
  for (const size_t size : {size_t{0}, size_t{15}, size_t{17}}) {
    const auto total = static_cast<uint32_t>(18 + size);
    const Result<ReadMeta> read = deserialize(meta_bytes(total, 8, "CropMeta", Bytes(size)), *to);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->consumed, total);
    EXPECT_TRUE(read->refused.has_value());
  }
  EXPECT_EQ(to->metas().count(), 0U);
}

TEST(MetaSerialize, attaches_no_picture_that_does_not_lie_in_the_buffer) {
  const Bytes bytes = serialized(nv12(8, 8));
  const Ref<Buffer> to = buffer_of(95);

  const Result<ReadMeta> read = deserialize(bytes, *to);

  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(read->refused.has_value());
  EXPECT_EQ(to->video(), nullptr);
}

TEST(MetaSerialize, knows_formats_by_the_names_that_it_writes) {
  Bytes bytes = serialized(nv12(8, 8));
  const auto format = bytes_of("NV12");
  const auto name = std::search(bytes.begin(), bytes.end(), format.begin(), format.end());
  ASSERT_NE(name, bytes.end());
  *name = std::byte{'n'};
  const Ref<Buffer> to = buffer_of(96);

  EXPECT_TRUE(deserialize(bytes, *to)->refused.has_value());
  EXPECT_EQ(to->video(), nullptr);
}

TEST(MetaSerialize, refuses_headers_that_are_none) {
  const Ref<Buffer> to = Buffer::create();
  const Bytes good = serialized(CropMeta{});
  EXPECT_TRUE(refused(deserialize({}, *to), ErrorKind::usage));
  EXPECT_TRUE(refused(deserialize(std::span(good).first(3), *to), ErrorKind::usage));
  EXPECT_TRUE(refused(deserialize(std::span(good).first(good.size() - 1), *to), ErrorKind::usage));
  for (const uint32_t total : {0U, 3U, 4U, 8U, 17U, 35U, 0xffffffffU}) {
    EXPECT_TRUE(
        refused(deserialize(meta_bytes(total, 8, "CropMeta", Bytes(16)), *to), ErrorKind::usage))
        << total;
  }
  for (const uint32_t length : {7U, 9U, 26U, 0xffffffffU}) {
    EXPECT_TRUE(
        refused(deserialize(meta_bytes(34, length, "CropMeta", Bytes(16, std::byte{1})), *to),
                ErrorKind::usage))
        << length;
  }
}

TEST(MetaSerialize, skips_a_version_newer_than_its_own) {
  Bytes bytes = serialized(CropMeta{1, 2, 3, 4});
  bytes[4 + 4 + 8 + 1] = std::byte{9};
  const Ref<Buffer> to = Buffer::create();

  const Result<ReadMeta> read = deserialize(bytes, *to);

  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->consumed, bytes.size());
  ASSERT_TRUE(read->refused.has_value());
  EXPECT_EQ(read->refused->kind, ErrorKind::unavailable);
  EXPECT_NE(read->refused->what.find("version 9"), std::string::npos) << read->refused->what;
  EXPECT_EQ(to->metas().count(), 0U);
}

/// Its first version had no second number.
struct GrownMeta {
  static constexpr MetaFacts facts{.name = "GrownMeta", .api = "Grown", .tags = {}, .version = 1};

  uint32_t first = 0;
  uint32_t second = 7;

  static Result<GrownMeta> deserialize(ByteReader& from, uint8_t version) {
    GrownMeta meta;
    meta.first = MILLRACE_TRY(from.u32());
    if (version >= 1) meta.second = MILLRACE_TRY(from.u32());
    return meta;
  }
};

TEST(MetaSerialize, leaves_an_older_version_to_the_type) {
  MetaRegistry registry;
  ASSERT_TRUE(registry.add<GrownMeta>().has_value());
  Bytes payload;
  ByteWriter(payload).u32(5);
  const Ref<Buffer> to = Buffer::create();

  const Result<ReadMeta> read =
      deserialize(meta_bytes(4 + 4 + 9 + 2 + 4, 9, "GrownMeta", payload), *to, registry);

  ASSERT_TRUE(read.has_value());
  ASSERT_FALSE(read->refused.has_value()) << read->refused->what;
  EXPECT_EQ(to->find<GrownMeta>()->first, 5U);
  EXPECT_EQ(to->find<GrownMeta>()->second, 7U);
}

TEST(MetaSerialize, skips_flags_that_are_neither_yes_nor_no) {
  // The last flag of each stands before a number of 64 bits and an empty list.
  const Bytes metas[] = {serialized(ReferenceTimestampMeta{"x", Duration(1), Duration(2), {}}),
                         serialized(RegionOfInterestMeta{{1, 2, 3, 4}, "face", 1, 2, {}})};
  for (const Bytes& good : metas) {
    for (const uint8_t flag : {uint8_t{0}, uint8_t{7}}) {
      Bytes bytes = good;
      bytes[bytes.size() - 17] = std::byte{flag};
      const Ref<Buffer> to = Buffer::create();
      const Result<ReadMeta> read = deserialize(bytes, *to);
      ASSERT_TRUE(read.has_value());
      EXPECT_TRUE(read->refused.has_value());
      EXPECT_EQ(to->metas().count(), 0U);
    }
  }
}

TEST(MetaSerialize, reads_no_more_metas_than_a_buffer_should_have) {
  const Ref<Buffer> to = Buffer::create();
  for (size_t number = 0; number < most_metas_to_read; ++number) {
    const ReferenceTimestampMeta meta{"x", Duration(number), std::nullopt, {}};
    ASSERT_FALSE(deserialize(serialized(meta), *to)->refused.has_value());
  }
  const Bytes bytes = serialized(CropMeta{1, 2, 3, 4});

  const Result<ReadMeta> read = deserialize(bytes, *to);

  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->consumed, bytes.size());
  ASSERT_TRUE(read->refused.has_value());
  EXPECT_EQ(read->refused->kind, ErrorKind::unavailable);
  EXPECT_EQ(to->metas().count(), most_metas_to_read);
}

TEST(MetaSerialize, needs_the_buffer_for_itself) {
  const Bytes bytes = serialized(CropMeta{});
  const Ref<Buffer> to = Buffer::create();
  const Ref<Buffer> second = to;
  EXPECT_TRUE(refused(deserialize(bytes, *to), ErrorKind::denied));
}

}  // namespace
}  // namespace millrace
