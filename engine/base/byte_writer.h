// SPDX-License-Identifier: MIT
// ByteWriter: numbers and text as bytes, little-endian, at the end of a vector. ByteReader
// (byte_reader.h) reads them back.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace millrace {

class ByteWriter {
 public:
  /// Writes behind what `to` holds; it outlives the writer.
  explicit ByteWriter(std::vector<std::byte>& to) : to_(to) {}

  void u8(uint8_t value) { to_.push_back(std::byte{value}); }

  void u16(uint16_t value) { number(value, sizeof value); }

  void u32(uint32_t value) { number(value, sizeof value); }

  void u64(uint64_t value) { number(value, sizeof value); }

  void i64(int64_t value) { u64(static_cast<uint64_t>(value)); }

  void f64(double value) { u64(std::bit_cast<uint64_t>(value)); }

  void flag(bool value) { u8(value ? 1 : 0); }

  /// Whether it is there, then the number, or 0.
  void optional_i64(std::optional<int64_t> value) {
    flag(value.has_value());
    i64(value.value_or(0));
  }

  void bytes(std::span<const std::byte> bytes) {
    to_.insert(to_.end(), bytes.begin(), bytes.end());
  }

  /// Its length in 64 bits, then its characters.
  void text(std::string_view text) {
    u64(text.size());
    bytes(std::as_bytes(std::span(text)));
  }

 private:
  void number(uint64_t value, size_t size) {
    for (size_t byte = 0; byte < size; ++byte) u8(static_cast<uint8_t>(value >> 8 * byte));
  }

  std::vector<std::byte>& to_;
};

}  // namespace millrace
