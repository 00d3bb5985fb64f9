// SPDX-License-Identifier: MIT
// Bits in the order of a bitstream: fixed-width and Exp-Golomb codes (H.264 §7.2, §9.1), and the
// emulation prevention bytes that keep a payload free of start codes (§7.4.1). Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/export.h"

namespace millrace::vaapi {

class MILLRACE_API BitWriter {
 public:
  /// Room for any header of ours without growing; user data may still grow it.
  BitWriter() { bytes_.reserve(64); }

  /// The `count` (at most 32) low bits of `value`, most significant first.
  void bits(uint32_t value, unsigned count);

  void flag(bool value) { bits(value ? 1 : 0, 1); }

  /// Unsigned Exp-Golomb: 0 → "1", 1 → "010". `value` is at most 2^32 - 2.
  void unsigned_golomb(uint32_t value);

  /// Signed Exp-Golomb: 0, 1, -1, 2, -2 … take the codes of 0, 1, 2, 3, 4 …
  void signed_golomb(int32_t value);

  /// rbsp_trailing_bits(): a one, then zeros up to the next byte.
  void trailing_bits();

  [[nodiscard]] size_t bit_count() const { return bit_count_; }

  /// The last byte is filled up with zeros.
  [[nodiscard]] std::span<const uint8_t> bytes() const { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
  size_t bit_count_ = 0;
};

/// One NAL unit as a driver wants it in a packed header buffer: a start code, the header byte, the
/// payload with emulation prevention. Not always whole bytes: a slice header ends in mid-byte.
struct NalUnit {
  std::vector<uint8_t> bytes;
  uint32_t bit_length = 0;
};

[[nodiscard]] MILLRACE_API NalUnit make_nal(uint8_t header_byte, const BitWriter& payload);

}  // namespace millrace::vaapi
