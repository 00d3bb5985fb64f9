// SPDX-License-Identifier: MIT
#include "hw/softva/bit_reader.h"

#include <algorithm>

namespace millrace::softva {

BitReader::BitReader(std::span<const uint8_t> bytes, size_t bits)
    : bytes_(bytes), end_(std::min(bits, bytes.size() * 8)) {}

bool BitReader::peek(size_t position) const {
  return (bytes_[position / 8] >> (7 - position % 8) & 1) != 0;
}

uint32_t BitReader::bits(int count) {
  uint32_t value = 0;
  for (int i = 0; i < count; ++i) {
    const bool there = position_ < end_;
    sound_ = sound_ && there;
    value = value << 1U | static_cast<uint32_t>(there && peek(position_));
    if (there) ++position_;
  }
  return value;
}

uint32_t BitReader::ue() {
  constexpr int longest = 31;  // One more zero and the value does not fit.
  int zeros = 0;
  while (sound_ && zeros <= longest && !flag()) ++zeros;
  if (zeros > longest) sound_ = false;
  if (!sound_) return 0;
  return (uint32_t{1} << static_cast<uint32_t>(zeros)) - 1 + bits(zeros);
}

int32_t BitReader::se() {
  const int64_t code = ue();
  return static_cast<int32_t>(code % 2 == 0 ? -(code / 2) : (code + 1) / 2);
}

bool BitReader::is_at_trailing_bits() const {
  if (left() == 0 || left() > 8 || !peek(position_)) return false;
  for (size_t position = position_ + 1; position < end_; ++position)
    if (peek(position)) return false;
  return end_ % 8 == 0;
}

}  // namespace millrace::softva
