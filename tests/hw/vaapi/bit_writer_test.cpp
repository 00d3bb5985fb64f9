// SPDX-License-Identifier: MIT
#include "hw/vaapi/bit_writer.h"

#include <vector>

#include <gtest/gtest.h>

namespace millrace::vaapi {
namespace {

std::vector<uint8_t> bytes_of(const BitWriter& writer) {
  return {writer.bytes().begin(), writer.bytes().end()};
}

std::vector<uint8_t> payload_of(const std::vector<uint8_t>& payload) {
  BitWriter writer;
  for (const uint8_t byte : payload) writer.bits(byte, 8);
  return make_nal(0x67, writer).bytes;
}

TEST(BitWriter, puts_the_most_significant_bit_first) {
  BitWriter writer;
  writer.bits(0b101, 3);
  writer.bits(0xabcd, 16);
  EXPECT_EQ(bytes_of(writer), (std::vector<uint8_t>{0b1011'0101, 0b0111'1001, 0b1010'0000}));
  EXPECT_EQ(writer.bit_count(), 19U);
}

TEST(BitWriter, writes_the_codes_of_the_exp_golomb_table) {
  // ITU-T H.264 table 9-2: 0 "1", 1 "010", 2 "011", 3 "00100", 7 "0001000".
  BitWriter writer;
  for (const uint32_t value : {0U, 1U, 2U, 3U, 7U}) writer.unsigned_golomb(value);
  EXPECT_EQ(bytes_of(writer), (std::vector<uint8_t>{0b1010'0110, 0b0100'0001, 0b0000'0000}));
  EXPECT_EQ(writer.bit_count(), 19U);
}

TEST(BitWriter, writes_the_largest_exp_golomb_code_in_63_bits) {
  BitWriter writer;
  writer.unsigned_golomb(UINT32_MAX - 1);
  EXPECT_EQ(writer.bit_count(), 63U);
  EXPECT_EQ(bytes_of(writer), (std::vector<uint8_t>{0, 0, 0, 1, 0xff, 0xff, 0xff, 0xfe}));
}

TEST(BitWriter, maps_signed_values_in_turn_to_the_codes) {
  // Table 9-3: 0, 1, -1, 2, -2 are the codes of 0, 1, 2, 3, 4.
  BitWriter ours;
  for (const int32_t value : {0, 1, -1, 2, -2, INT32_MIN + 1}) ours.signed_golomb(value);
  BitWriter codes;
  for (const uint32_t code : {0U, 1U, 2U, 3U, 4U, UINT32_MAX - 1}) codes.unsigned_golomb(code);
  EXPECT_EQ(bytes_of(ours), bytes_of(codes));
}

TEST(BitWriter, ends_a_payload_with_a_one_and_zeros_even_on_a_whole_byte) {
  BitWriter writer;
  writer.bits(0xff, 8);
  writer.trailing_bits();
  EXPECT_EQ(bytes_of(writer), (std::vector<uint8_t>{0xff, 0x80}));
}

TEST(NalUnit, starts_with_a_start_code_and_its_header) {
  EXPECT_EQ(payload_of({0x42}), (std::vector<uint8_t>{0, 0, 0, 1, 0x67, 0x42}));
}

TEST(NalUnit, breaks_up_whatever_looks_like_a_start_code) {
  for (const uint8_t last : std::vector<uint8_t>{0, 1, 2, 3}) {
    EXPECT_EQ(payload_of({0, 0, last}), (std::vector<uint8_t>{0, 0, 0, 1, 0x67, 0, 0, 3, last}));
  }
  EXPECT_EQ(payload_of({0, 0, 4}), (std::vector<uint8_t>{0, 0, 0, 1, 0x67, 0, 0, 4}));
}

TEST(NalUnit, counts_zeros_anew_after_a_prevention_byte) {
  EXPECT_EQ(payload_of({0, 0, 0, 0, 0}),
            (std::vector<uint8_t>{0, 0, 0, 1, 0x67, 0, 0, 3, 0, 0, 3, 0}));
}

TEST(NalUnit, counts_prevention_bytes_but_not_the_unused_bits_at_its_end) {
  BitWriter writer;
  writer.bits(0, 16);
  writer.bits(1, 8);
  writer.bits(0b101, 3);
  const NalUnit nal = make_nal(0x41, writer);
  EXPECT_EQ(nal.bytes.size(), 10U);  // start code 4, header 1, payload 4, prevention 1
  EXPECT_EQ(nal.bit_length, 9 * 8 + 3U);
}

}  // namespace
}  // namespace millrace::vaapi
