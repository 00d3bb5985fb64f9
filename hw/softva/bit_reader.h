// SPDX-License-Identifier: MIT
// BitReader reads H.264 syntax elements. A read past the end gives zeros and is remembered, so that
// a parser checks once, at its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace millrace::softva {

class BitReader {
 public:
  /// The first `bits` bits of `bytes`.
  BitReader(std::span<const uint8_t> bytes, size_t bits);

  uint32_t bits(int count);  ///< u(count), count ≤ 32

  bool flag() { return bits(1) != 0; }

  uint32_t ue();
  int32_t se();

  /// False once something was read that is not there, or an Exp-Golomb code was too long.
  [[nodiscard]] bool is_sound() const { return sound_; }

  [[nodiscard]] size_t left() const { return end_ - position_; }

  /// Whether only rbsp_trailing_bits() are left, which is not so at the end of the data.
  [[nodiscard]] bool is_at_trailing_bits() const;

 private:
  [[nodiscard]] bool peek(size_t position) const;

  std::span<const uint8_t> bytes_;
  size_t end_;
  size_t position_ = 0;
  bool sound_ = true;
};

}  // namespace millrace::softva
