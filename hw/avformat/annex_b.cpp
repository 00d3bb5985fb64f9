// SPDX-License-Identifier: MIT
#include "hw/avformat/annex_b.h"

namespace millrace::avformat {
namespace {

constexpr uint8_t nal_type_sps = 7;
constexpr uint8_t nal_type_pps = 8;

/// Position of the next 00 00 01, or the size of `bytes`.
size_t find_start_code(std::span<const std::byte> bytes) {
  for (size_t at = 0; at + 3 <= bytes.size(); ++at) {
    if (bytes[at] == std::byte{0} && bytes[at + 1] == std::byte{0} && bytes[at + 2] == std::byte{1})
      return at;
  }
  return bytes.size();
}

std::span<const std::byte> behind_start_code(std::span<const std::byte> bytes) {
  const size_t at = find_start_code(bytes);
  return at == bytes.size() ? bytes.last(0) : bytes.subspan(at + 3);
}

}  // namespace

NalScanner::NalScanner(std::span<const std::byte> stream) : rest_(behind_start_code(stream)) {}

std::optional<std::span<const std::byte>> NalScanner::next() {
  while (!rest_.empty()) {
    const size_t end = find_start_code(rest_);
    std::span<const std::byte> unit = rest_.first(end);
    rest_ = end == rest_.size() ? rest_.last(0) : rest_.subspan(end + 3);
    while (!unit.empty() && unit.back() == std::byte{0}) unit = unit.first(unit.size() - 1);
    if (!unit.empty()) return unit;
  }
  return std::nullopt;
}

std::vector<uint8_t> parameter_sets(std::span<const std::byte> stream) {
  std::vector<uint8_t> sets;
  bool sps = false;
  bool pps = false;
  NalScanner scanner(stream);
  while (const auto unit = scanner.next()) {
    const auto type = std::to_integer<uint8_t>(unit->front() & std::byte{0x1f});
    if (type != nal_type_sps && type != nal_type_pps) continue;
    (type == nal_type_sps ? sps : pps) = true;
    sets.insert(sets.end(), {0, 0, 0, 1});
    for (const std::byte byte : *unit) sets.push_back(std::to_integer<uint8_t>(byte));
  }
  return sps && pps ? sets : std::vector<uint8_t>{};
}

}  // namespace millrace::avformat
