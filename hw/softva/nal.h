// SPDX-License-Identifier: MIT
// Annex B byte streams: where the NAL units are, emulation prevention, and putting a client's own
// units (access unit delimiter, SEI) into a coded picture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace millrace::softva {

/// One unit with its start code: bytes [begin, end) of the stream; its header byte is at `header`.
struct NalSpan {
  size_t begin = 0;
  size_t header = 0;
  size_t end = 0;
};

/// The units of `stream` in order. Bytes before the first start code belong to none, and neither
/// does a start code at the very end.
[[nodiscard]] std::vector<NalSpan> find_nals(std::span<const uint8_t> stream);

enum NalType : uint8_t {
  nal_slice = 1,
  nal_idr_slice = 5,
  nal_sei = 6,
  nal_sps = 7,
  nal_pps = 8,
  nal_aud = 9,
};

[[nodiscard]] inline int nal_type(uint8_t header) {
  return header & 0x1F;
}

/// One unit with its start code, and an 0x03 after every two zeros of its payload that a byte below
/// 4 follows.
[[nodiscard]] std::vector<uint8_t> with_emulation_prevention(std::span<const uint8_t> unit);

/// The payload (after the header byte) without its emulation prevention bytes.
[[nodiscard]] std::vector<uint8_t> without_emulation_prevention(std::span<const uint8_t> payload);

/// A coded picture with the client's units: its delimiter first of all, the others before the first
/// slice.
[[nodiscard]] std::vector<uint8_t> splice(std::span<const uint8_t> picture,
                                          const std::vector<std::vector<uint8_t>>& units);

}  // namespace millrace::softva
