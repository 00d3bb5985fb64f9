// SPDX-License-Identifier: MIT
// Any bytes as packed headers, and as any buffer of vaRenderPicture: the software VA driver's
// parsers answer with a value or a refusal that names the reason.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <vector>

#include "hw/softva/buffer.h"
#include "hw/softva/h264_pps.h"
#include "hw/softva/h264_slice_header.h"
#include "hw/softva/h264_sps.h"
#include "hw/softva/nal.h"
#include "hw/softva/packed_units.h"
#include "hw/softva/picture.h"

using namespace millrace::softva;

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

/// The units as one stream would have them: sets are remembered, slices read with them.
void parse_units(const std::vector<PackedUnit>& units) {
  std::optional<Sps> sps = Sps{};
  std::optional<Pps> pps = Pps{};
  for (const PackedUnit& unit : units) {
    if (unit.type() == nal_sps) {
      if (auto parsed = parse_sps(unit.rbsp)) sps = parsed.take();
    } else if (unit.type() == nal_pps) {
      if (auto parsed = parse_pps(unit.rbsp)) pps = parsed.take();
    } else {
      const auto slice = parse_slice_header({unit.header, unit.rbsp, unit.bits}, *sps, *pps);
      require(slice.has_value() || !slice.error().what.empty());
    }
  }
}

void parse_headers(std::span<const uint8_t> bytes, bool has_emulation_bytes, uint32_t cut) {
  PackedHeader header;
  header.has_emulation_bytes = has_emulation_bytes;
  header.bytes.assign(bytes.begin(), bytes.end());
  if (bytes.empty()) return;
  header.bit_length = static_cast<uint32_t>(bytes.size() * 8 - cut % 8);
  const auto units = unpack(header);
  require(units.has_value() || !units.error().what.empty());
  if (units) parse_units(*units);
  require(with_emulation_prevention(bytes).size() >= bytes.size());
  require(splice(bytes, {header.bytes}).size() == 2 * bytes.size());
}

/// The buffer as each type, after a packed header parameter that promises what the bytes say.
void render(std::span<const uint8_t> bytes) {
  if (bytes.empty()) return;
  for (int type = 0; type < 32; ++type) {
    Picture picture;
    StreamParameters stream;
    const DataBuffer buffer(static_cast<VABufferType>(type), static_cast<uint32_t>(bytes.size()), 1,
                            bytes.data());
    VAEncPackedHeaderParameterBuffer promise = {};
    promise.bit_length = bytes[0] * 16U;
    picture.packed_to_come = promise;
    const auto taken = take_buffer(picture, stream, buffer);
    require(taken.has_value() || !taken.error().what.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span<const uint8_t> bytes(data, size);
  if (bytes.empty()) return 0;
  parse_headers(bytes.subspan(1), (bytes[0] & 1) != 0, bytes[0] >> 1U);
  render(bytes.subspan(1));
  return 0;
}
