// SPDX-License-Identifier: MIT
#include "engine/base/byte_reader.h"

#include <gtest/gtest.h>

#include "engine/base/byte_writer.h"

namespace millrace {
namespace {

TEST(ByteReader, reads_what_a_writer_wrote) {
  std::vector<std::byte> bytes;
  ByteWriter writer(bytes);
  writer.u8(1);
  writer.u16(0x0203);
  writer.u32(0x04050607);
  writer.u64(0x08090a0b0c0d0e0f);
  writer.i64(-1);
  writer.f64(0.25);
  writer.text("hello");
  writer.flag(true);
  writer.optional_i64(-2);
  writer.optional_i64(std::nullopt);

  ByteReader reader(bytes);
  EXPECT_EQ(reader.u8().value(), 1);
  EXPECT_EQ(reader.u16().value(), 0x0203);
  EXPECT_EQ(reader.u32().value(), 0x04050607U);
  EXPECT_EQ(reader.u64().value(), 0x08090a0b0c0d0e0fU);
  EXPECT_EQ(reader.i64().value(), -1);
  EXPECT_EQ(reader.f64().value(), 0.25);
  EXPECT_EQ(reader.text().value(), "hello");
  EXPECT_TRUE(reader.flag().value());
  EXPECT_EQ(reader.optional_i64().value(), -2);
  EXPECT_EQ(reader.optional_i64().value(), std::nullopt);
  EXPECT_EQ(reader.left(), 0U);
}

TEST(ByteWriter, puts_the_least_byte_first) {
  std::vector<std::byte> bytes;
  ByteWriter(bytes).u32(0x01020304);
  EXPECT_EQ(bytes,
            (std::vector<std::byte>{std::byte{4}, std::byte{3}, std::byte{2}, std::byte{1}}));
}

TEST(ByteReader, takes_nothing_where_too_little_is_left) {
  const std::vector<std::byte> bytes(3);
  ByteReader reader(bytes);
  EXPECT_EQ(reader.u32().error().kind, ErrorKind::usage);
  EXPECT_EQ(reader.bytes(~uint64_t{0}).error().kind, ErrorKind::usage);
  EXPECT_EQ(reader.left(), 3U);
}

TEST(ByteReader, takes_nothing_of_a_text_that_is_cut) {
  std::vector<std::byte> bytes;
  ByteWriter(bytes).text("hello");
  bytes.pop_back();
  ByteReader reader(bytes);
  EXPECT_FALSE(reader.text().has_value());
  EXPECT_EQ(reader.left(), bytes.size());
}

TEST(ByteReader, takes_no_flag_but_0_and_1) {
  const std::vector<std::byte> bytes{std::byte{7}};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.flag().error().kind, ErrorKind::usage);
  EXPECT_EQ(reader.optional_i64().error().kind, ErrorKind::usage);
  EXPECT_EQ(reader.left(), 1U);
}

TEST(ByteReader, takes_no_number_that_is_cut_or_stands_behind_a_flag_of_none) {
  std::vector<std::byte> bytes;
  ByteWriter(bytes).optional_i64(5);
  ByteReader cut{std::span(bytes).first(8)};
  EXPECT_FALSE(cut.optional_i64().has_value());
  EXPECT_EQ(cut.left(), 8U);

  bytes[0] = std::byte{0};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.optional_i64().error().kind, ErrorKind::usage);
  EXPECT_EQ(reader.left(), 9U);
}

}  // namespace
}  // namespace millrace
