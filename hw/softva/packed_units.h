// SPDX-License-Identifier: MIT
// The NAL units in a client's packed headers, taken out of their buffers and their framing checked.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/result.h"
#include "hw/softva/picture.h"

namespace millrace::softva {

struct PackedUnit {
  uint8_t header = 0;         ///< the NAL header byte
  std::vector<uint8_t> rbsp;  ///< after it, without emulation prevention
  size_t bits = 0;            ///< of rbsp that count; whole bytes but for slices

  [[nodiscard]] int type() const { return header & 0x1F; }
};

/// The units of one packed header; several only with emulation bytes, as FFmpeg packs its sets.
/// Refuses bytes before the first start code, an empty unit, a set forbidden_zero_bit, and
/// emulation prevention that is missing or of no use.
[[nodiscard]] Result<std::vector<PackedUnit>> unpack(const PackedHeader& header);

/// Whether a unit of this type may come in a buffer of this VAEncPackedHeaderType.
[[nodiscard]] bool belongs_in(int nal_type, uint32_t buffer_type);

/// The order of units in a picture: delimiter, SPS, PPS, SEI, slices.
[[nodiscard]] int rank_of(int nal_type);

}  // namespace millrace::softva
