// SPDX-License-Identifier: MIT
#include "hw/softva/packed_units.h"

#include "hw/softva/nal.h"
#include "hw/softva/refusal.h"

namespace millrace::softva {
namespace {

Failure refuse_header(const char* why) {
  return refuse(VA_STATUS_ERROR_INVALID_PARAMETER, std::string("packed header: ") + why);
}

/// Whether three bytes occur that emulation prevention must have broken up, or a prevention byte
/// before a byte that needs none.
bool is_well_prevented(std::span<const uint8_t> payload) {
  for (size_t i = 0; i + 2 < payload.size(); ++i) {
    if (payload[i] != 0 || payload[i + 1] != 0 || payload[i + 2] > 3) continue;
    if (payload[i + 2] < 3) return false;
    if (i + 3 < payload.size() && payload[i + 3] > 3) return false;
  }
  return true;
}

/// Without emulation bytes, a start code inside cannot be told from data: all is one unit.
std::vector<NalSpan> spans_of(const PackedHeader& header) {
  std::vector<NalSpan> spans = find_nals(header.bytes);
  if (!header.has_emulation_bytes && spans.size() > 1) {
    spans.resize(1);
    spans.front().end = header.bytes.size();
  }
  return spans;
}

Result<PackedUnit> unpack_unit(const PackedHeader& header, const NalSpan& span) {
  const std::span<const uint8_t> bytes(header.bytes);
  PackedUnit unit;
  unit.header = bytes[span.header];
  if ((unit.header & 0x80) != 0) return refuse_header("forbidden_zero_bit is set");
  const std::span<const uint8_t> payload =
      bytes.subspan(span.header + 1, span.end - span.header - 1);
  if (header.has_emulation_bytes && !is_well_prevented(payload))
    return refuse_header("its emulation prevention is wrong");
  unit.rbsp = header.has_emulation_bytes ? without_emulation_prevention(payload)
                                         : std::vector<uint8_t>(payload.begin(), payload.end());
  const size_t unused = span.end == bytes.size() ? bytes.size() * 8 - header.bit_length : 0;
  if (unit.rbsp.size() * 8 <= unused) return refuse_header("a unit is empty");
  unit.bits = unit.rbsp.size() * 8 - unused;
  return unit;
}

}  // namespace

Result<std::vector<PackedUnit>> unpack(const PackedHeader& header) {
  const std::vector<NalSpan> spans = spans_of(header);
  if (spans.empty() || spans.front().begin != 0)
    return refuse_header("it does not begin with a start code");
  std::vector<PackedUnit> units;
  for (const NalSpan& span : spans) units.push_back(MILLRACE_TRY(unpack_unit(header, span)));
  return units;
}

bool belongs_in(int nal_type, uint32_t buffer_type) {
  switch (nal_type) {
    case nal_slice:
    case nal_idr_slice:
      return buffer_type == VAEncPackedHeaderSlice;
    case nal_sps:
      return buffer_type == VAEncPackedHeaderSequence;
    case nal_pps:
      return buffer_type == VAEncPackedHeaderPicture || buffer_type == VAEncPackedHeaderSequence;
    case nal_aud:
      return true;  // FFmpeg puts it before a slice in one buffer.
    case nal_sei:
      return buffer_type == VAEncPackedHeaderRawData;
    default:
      return false;
  }
}

int rank_of(int nal_type) {
  switch (nal_type) {
    case nal_aud:
      return 0;
    case nal_sps:
      return 1;
    case nal_pps:
      return 2;
    case nal_sei:
      return 3;
    default:
      return 4;
  }
}

}  // namespace millrace::softva
