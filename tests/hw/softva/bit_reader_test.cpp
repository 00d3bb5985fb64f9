// SPDX-License-Identifier: MIT
#include "hw/softva/bit_reader.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/hw/softva/bit_writer.h"

namespace millrace::softva {
namespace {

std::vector<uint8_t> bytes_of(const softva_test::BitWriter& writer) {
  std::vector<uint8_t> bytes((writer.written().size() + 7) / 8);
  for (size_t i = 0; i < writer.written().size(); ++i)
    bytes[i / 8] = static_cast<uint8_t>(bytes[i / 8] | (writer.written()[i] ? 0x80 >> i % 8 : 0));
  return bytes;
}

TEST(BitReader, reads_what_was_written) {
  softva_test::BitWriter writer;
  for (const uint32_t value : {0U, 1U, 2U, 7U, 254U, 65535U, 0x7FFFFFFEU}) writer.ue("", value);
  for (const int32_t value : {0, 1, -1, 26, -26, 1000, -1000}) writer.se("", value);
  writer.bits("", 0xDEADBEEF, 32);
  writer.trailing_bits();
  const std::vector<uint8_t> bytes = bytes_of(writer);
  BitReader reader(bytes, bytes.size() * 8);

  for (const uint32_t value : {0U, 1U, 2U, 7U, 254U, 65535U, 0x7FFFFFFEU})
    EXPECT_EQ(reader.ue(), value);
  for (const int32_t value : {0, 1, -1, 26, -26, 1000, -1000}) EXPECT_EQ(reader.se(), value);
  EXPECT_EQ(reader.bits(32), 0xDEADBEEF);
  EXPECT_TRUE(reader.is_at_trailing_bits());
  EXPECT_TRUE(reader.is_sound());
}

TEST(BitReader, remembers_a_read_past_the_end) {
  const std::vector<uint8_t> bytes = {0xFF};
  BitReader reader(bytes, 5);
  EXPECT_EQ(reader.bits(5), 31U);
  EXPECT_TRUE(reader.is_sound());
  EXPECT_EQ(reader.bits(3), 0U);
  EXPECT_FALSE(reader.is_sound());
}

TEST(BitReader, refuses_a_code_that_is_too_long) {
  const std::vector<uint8_t> zeros(20, 0);
  BitReader reader(zeros, zeros.size() * 8);
  EXPECT_EQ(reader.ue(), 0U);
  EXPECT_FALSE(reader.is_sound());
}

TEST(BitReader, knows_trailing_bits_from_others) {
  const auto is_end = [](uint8_t byte) {
    const std::vector<uint8_t> bytes = {byte};
    return BitReader(bytes, 8).is_at_trailing_bits();
  };
  EXPECT_TRUE(is_end(0x80));
  EXPECT_FALSE(is_end(0x00));
  EXPECT_FALSE(is_end(0x81));
  EXPECT_FALSE(is_end(0x40));
  const std::vector<uint8_t> two = {0x80, 0};
  EXPECT_FALSE(BitReader(two, 16).is_at_trailing_bits());
}

}  // namespace
}  // namespace millrace::softva
