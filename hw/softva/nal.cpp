// SPDX-License-Identifier: MIT
#include "hw/softva/nal.h"

#include <algorithm>

namespace millrace::softva {
namespace {

/// Where the next 00 00 01 starts, or the size of `stream`.
size_t find_start_code(std::span<const uint8_t> stream, size_t from) {
  for (size_t i = from; i + 3 <= stream.size(); ++i)
    if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) return i;
  return stream.size();
}

/// A fourth byte of a start code is the zero before it.
size_t unit_begin(std::span<const uint8_t> stream, size_t start_code) {
  return start_code > 0 && start_code < stream.size() && stream[start_code - 1] == 0
             ? start_code - 1
             : start_code;
}

bool is_slice(int type) {
  return type >= nal_slice && type <= nal_idr_slice;
}

int type_of(std::span<const uint8_t> unit) {
  const std::vector<NalSpan> nals = find_nals(unit);
  return nals.empty() ? -1 : nal_type(unit[nals.front().header]);
}

/// Looks no further than it must: slices are long.
size_t first_slice(std::span<const uint8_t> picture) {
  size_t code = find_start_code(picture, 0);
  while (code + 3 < picture.size()) {
    if (is_slice(nal_type(picture[code + 3]))) return unit_begin(picture, code);
    code = find_start_code(picture, code + 3);
  }
  return picture.size();
}

size_t total_size(const std::vector<std::vector<uint8_t>>& units) {
  size_t size = 0;
  for (const auto& unit : units) size += unit.size();
  return size;
}

void append(std::vector<uint8_t>& to, std::span<const uint8_t> from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::vector<NalSpan> find_nals(std::span<const uint8_t> stream) {
  std::vector<NalSpan> nals;
  size_t code = find_start_code(stream, 0);
  while (code + 3 < stream.size()) {
    const size_t next = find_start_code(stream, code + 3);
    nals.push_back({unit_begin(stream, code), code + 3, unit_begin(stream, next)});
    code = next;
  }
  return nals;
}

std::vector<uint8_t> with_emulation_prevention(std::span<const uint8_t> unit) {
  const std::vector<NalSpan> nals = find_nals(unit);
  const size_t payload = nals.empty() ? unit.size() : nals.front().header + 1;
  std::vector<uint8_t> out(unit.begin(), unit.begin() + static_cast<ptrdiff_t>(payload));
  int zeros = 0;
  for (const uint8_t byte : unit.subspan(payload)) {
    if (zeros == 2 && byte < 4) {
      out.push_back(3);
      zeros = 0;
    }
    out.push_back(byte);
    zeros = byte == 0 ? zeros + 1 : 0;
  }
  return out;
}

std::vector<uint8_t> without_emulation_prevention(std::span<const uint8_t> payload) {
  std::vector<uint8_t> out;
  out.reserve(payload.size());
  int zeros = 0;
  for (const uint8_t byte : payload) {
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    out.push_back(byte);
    zeros = byte == 0 ? zeros + 1 : 0;
  }
  return out;
}

std::vector<uint8_t> splice(std::span<const uint8_t> picture,
                            const std::vector<std::vector<uint8_t>>& units) {
  const size_t slices = first_slice(picture);
  std::vector<uint8_t> out;
  out.reserve(picture.size() + total_size(units));
  for (const auto& unit : units)
    if (type_of(unit) == nal_aud) append(out, unit);
  append(out, picture.first(slices));
  for (const auto& unit : units)
    if (type_of(unit) != nal_aud) append(out, unit);
  append(out, picture.subspan(slices));
  return out;
}

}  // namespace millrace::softva
