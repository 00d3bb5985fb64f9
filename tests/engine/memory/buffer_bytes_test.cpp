// SPDX-License-Identifier: MIT
#include "engine/memory/buffer_bytes.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "engine/memory/wrapped_memory.h"
#include "tests/engine/memory/buffers.h"

namespace millrace {
namespace {

using BufferBytes = WithAccount;

std::optional<int> order_of(const Buffer& buffer, size_t offset, std::string_view with) {
  return compare_bytes(buffer, offset, bytes_of(with)).take();
}

TEST_F(BufferBytes, case_074_comparing_beyond_the_end_says_so) {
  const Ref<Buffer> buffer = buffer_with(std::string(2, '\0'));
  const std::string zeros(3, '\0');
  EXPECT_EQ(order_of(*buffer, 0, zeros.substr(0, 2)), 0);
  EXPECT_EQ(order_of(*buffer, 0, zeros.substr(0, 1)), 0);
  EXPECT_EQ(order_of(*buffer, 1, zeros.substr(0, 1)), 0);
  EXPECT_EQ(order_of(*buffer, 0, zeros), std::nullopt);
  EXPECT_EQ(order_of(*buffer, 2, zeros.substr(0, 1)), std::nullopt);
  EXPECT_EQ(order_of(*buffer, 4, zeros.substr(0, 1)), std::nullopt);
  EXPECT_EQ(order_of(*buffer, SIZE_MAX, zeros.substr(0, 1)), std::nullopt);
}

TEST_F(BufferBytes, compares_through_several_memories) {
  const Ref<Buffer> buffer = buffer_with({"abc", "", "def"});
  EXPECT_EQ(order_of(*buffer, 1, "bcde"), 0);
  EXPECT_LT(order_of(*buffer, 1, "bcdf"), 0);
  EXPECT_GT(order_of(*buffer, 1, "bcda"), 0);
}

TEST_F(BufferBytes, case_091_fills_and_extracts) {
  const Ref<Buffer> buffer = buffer_with(std::string(70, '\0'));
  const std::string source = ramp(100);
  EXPECT_EQ(fill_bytes(*buffer, 0, bytes_of(source).subspan(10, 25), account_).take(), 25U);
  std::string extracted(25, '\0');
  EXPECT_EQ(
      extract_bytes(*buffer, 0, std::as_writable_bytes(std::span(extracted)), account_).take(),
      25U);
  EXPECT_EQ(extracted, source.substr(10, 25));
  EXPECT_EQ(account_.bytes(), 50U);
}

TEST_F(BufferBytes, stop_at_the_end_of_the_window) {
  const Ref<Buffer> buffer = buffer_with({"abcd", "efgh"});
  ASSERT_TRUE(buffer->resize(1, 6).has_value());
  EXPECT_EQ(fill_bytes(*buffer, 4, bytes_of("WXYZ"), account_).take(), 2U);
  EXPECT_EQ(set_bytes(*buffer, 5, SIZE_MAX, std::byte{'!'}).take(), 1U);
  EXPECT_EQ(fill_bytes(*buffer, 6, bytes_of("W"), account_).take(), 0U);
  EXPECT_EQ(set_bytes(*buffer, SIZE_MAX, SIZE_MAX, std::byte{'!'}).take(), 0U);
  std::array<std::byte, 8> out{};
  EXPECT_EQ(extract_bytes(*buffer, 2, out, account_).take(), 4U);
  EXPECT_EQ(extract_bytes(*buffer, SIZE_MAX, out, account_).take(), 0U);
  ASSERT_TRUE(buffer->resize(-1, 8).has_value());
  EXPECT_EQ(text_of(*buffer), "abcdeW!h");
}

// The array that the reference test hashes to bb155a387903c569611f3d3e74f114f545819213.
TEST_F(BufferBytes, case_095_setting_over_three_memories_touches_their_visible_bytes_only) {
  std::vector<std::byte> array(1024);
  const std::span<std::byte> all(array);
  const Ref<Buffer> buffer = Buffer::create(wrap_memory(all.first(256)).take()).take();
  const WrapParams second{.offset = 128, .size = 256};
  ASSERT_TRUE(buffer->append(wrap_memory(all.subspan(256, 512), second).take()).has_value());
  ASSERT_TRUE(
      buffer->append(wrap_memory(all.subspan(768), {.offset = 0, .size = 128}).take()).has_value());
  EXPECT_EQ(set_bytes(*buffer, 256, 256, std::byte{0x77}).take(), 256U);
  EXPECT_EQ(set_bytes(*buffer, 0, 64, std::byte{0x11}).take(), 64U);
  EXPECT_EQ(set_bytes(*buffer, 224, 64, std::byte{0x22}).take(), 64U);
  EXPECT_EQ(set_bytes(*buffer, 480, 64, std::byte{0x33}).take(), 64U);
  EXPECT_EQ(set_bytes(*buffer, 608, 64, std::byte{0x44}).take(), 32U);
  std::string expected;
  expected += std::string(64, '\x11') + std::string(160, '\0') + std::string(32, '\x22');
  expected += std::string(128, '\0') + std::string(32, '\x22') + std::string(192, '\x77') +
              std::string(32, '\x33') + std::string(128, '\0');
  expected += std::string(32, '\x33') + std::string(64, '\0') + std::string(32, '\x44') +
              std::string(128, '\0');
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(array.data()), array.size()), expected);
}

TEST_F(BufferBytes, are_not_written_where_any_of_them_may_not_be) {
  static constexpr std::string_view constant = "constant";
  const Ref<Buffer> buffer = buffer_with("abcd");
  ASSERT_TRUE(buffer->append(wrap_constant(bytes_of(constant)).take()).has_value());
  EXPECT_TRUE(refused(set_bytes(*buffer, 2, 4, std::byte{'!'}), ErrorKind::denied));
  EXPECT_TRUE(refused(fill_bytes(*buffer, 2, bytes_of("WXYZ"), account_), ErrorKind::denied));
  EXPECT_EQ(text_of(*buffer), "abcdconstant");
  EXPECT_EQ(account_.bytes(), 0U);
  EXPECT_EQ(set_bytes(*buffer, 2, 2, std::byte{'!'}).take(), 2U);
}

TEST_F(BufferBytes, are_not_written_while_two_hold_the_buffer) {
  const Ref<Buffer> buffer = buffer_with("abcd");
  const Ref<Buffer> second = buffer;
  EXPECT_TRUE(refused(set_bytes(*buffer, 0, 4, std::byte{'!'}), ErrorKind::denied));
  EXPECT_TRUE(refused(fill_bytes(*buffer, 0, bytes_of("WXYZ"), account_), ErrorKind::denied));
  EXPECT_EQ(text_of(*buffer), "abcd");
}

}  // namespace
}  // namespace millrace
