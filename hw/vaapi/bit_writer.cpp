// SPDX-License-Identifier: MIT
#include "hw/vaapi/bit_writer.h"

#include <bit>

#include "engine/base/check.h"

namespace millrace::vaapi {

void BitWriter::bits(uint32_t value, unsigned count) {
  MILLRACE_DCHECK(count <= 32);
  while (count > 0) {
    --count;
    if (bit_count_ % 8 == 0) bytes_.push_back(0);
    const auto bit = static_cast<uint8_t>((value >> count) & 1U);
    bytes_.back() = static_cast<uint8_t>(bytes_.back() | bit << (7 - bit_count_ % 8));
    ++bit_count_;
  }
}

void BitWriter::unsigned_golomb(uint32_t value) {
  MILLRACE_DCHECK(value != UINT32_MAX);
  const uint32_t code = value + 1;
  const auto width = static_cast<unsigned>(std::bit_width(code));
  bits(0, width - 1);
  bits(code, width);
}

void BitWriter::signed_golomb(int32_t value) {
  const auto magnitude = static_cast<uint32_t>(value < 0 ? -static_cast<int64_t>(value) : value);
  unsigned_golomb(value > 0 ? 2 * magnitude - 1 : 2 * magnitude);
}

void BitWriter::trailing_bits() {
  bits(1, 1);
  while (bit_count_ % 8 != 0) bits(0, 1);
}

NalUnit make_nal(uint8_t header_byte, const BitWriter& payload) {
  const std::span<const uint8_t> source = payload.bytes();
  const uint8_t start[] = {0, 0, 0, 1, header_byte};
  NalUnit nal;
  nal.bytes.reserve(sizeof start + source.size() + source.size() / 2);
  for (const uint8_t byte : start) nal.bytes.push_back(byte);
  unsigned zeros = 0;
  for (const uint8_t byte : source) {
    if (zeros >= 2 && byte <= 3) {
      nal.bytes.push_back(3);
      zeros = 0;
    }
    nal.bytes.push_back(byte);
    zeros = byte == 0 ? zeros + 1 : 0;
  }
  const size_t unused_bits = source.size() * 8 - payload.bit_count();
  nal.bit_length = static_cast<uint32_t>(nal.bytes.size() * 8 - unused_bits);
  return nal;
}

}  // namespace millrace::vaapi
