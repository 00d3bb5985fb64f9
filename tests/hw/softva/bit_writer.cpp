// SPDX-License-Identifier: MIT
#include "tests/hw/softva/bit_writer.h"

#include <bit>

namespace millrace::softva_test {

void BitWriter::put(uint32_t value, int count) {
  for (int bit = count - 1; bit >= 0; --bit) written_.push_back((value >> bit & 1U) != 0);
}

void BitWriter::bits(const char* name, uint32_t value, int count) {
  fields_.push_back({name, written_.size(), static_cast<size_t>(count)});
  put(value, count);
}

void BitWriter::ue(const char* name, uint32_t value) {
  const int length = std::bit_width(value + 1);
  fields_.push_back({name, written_.size(), static_cast<size_t>(2 * length - 1)});
  put(0, length - 1);
  put(value + 1, length);
}

void BitWriter::se(const char* name, int32_t value) {
  ue(name, value > 0 ? static_cast<uint32_t>(2 * value - 1) : static_cast<uint32_t>(-2 * value));
}

void BitWriter::trailing_bits() {
  fields_.push_back({"rbsp_trailing_bits", written_.size(), 8 - written_.size() % 8});
  written_.push_back(true);
  while (written_.size() % 8 != 0) written_.push_back(false);
}

PackedBits pack(const std::vector<bool>& unit) {
  PackedBits packed;
  packed.bytes = {0, 0, 0, 1};
  int zeros = 0;
  for (size_t first = 0; first < unit.size(); first += 8) {
    uint8_t byte = 0;
    for (size_t bit = first; bit < first + 8 && bit < unit.size(); ++bit)
      byte = static_cast<uint8_t>(byte | (unit[bit] ? 1 : 0) << (7 - bit % 8));
    if (zeros >= 2 && byte <= 3) {
      packed.bytes.push_back(3);
      zeros = 0;
    }
    packed.bytes.push_back(byte);
    zeros = byte == 0 ? zeros + 1 : 0;
  }
  const size_t unused = (8 - unit.size() % 8) % 8;
  packed.bit_length = static_cast<uint32_t>(packed.bytes.size() * 8 - unused);
  return packed;
}

}  // namespace millrace::softva_test
