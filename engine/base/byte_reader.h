// SPDX-License-Identifier: MIT
// ByteReader: numbers and text out of bytes from outside, little-endian. Never reads beyond their
// end: asked for more than is left, it fails and has taken nothing.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "engine/base/export.h"
#include "engine/base/result.h"

namespace millrace {

class MILLRACE_API ByteReader {
 public:
  /// `from` outlives the reader.
  explicit ByteReader(std::span<const std::byte> from) : from_(from) {}

  [[nodiscard]] size_t left() const { return from_.size(); }

  [[nodiscard]] Result<std::span<const std::byte>> bytes(uint64_t size);

  [[nodiscard]] Result<uint8_t> u8() { return number<uint8_t>(); }

  [[nodiscard]] Result<uint16_t> u16() { return number<uint16_t>(); }

  [[nodiscard]] Result<uint32_t> u32() { return number<uint32_t>(); }

  [[nodiscard]] Result<uint64_t> u64() { return number<uint64_t>(); }

  [[nodiscard]] Result<int64_t> i64() {
    return static_cast<int64_t>(MILLRACE_TRY(number<uint64_t>()));
  }

  [[nodiscard]] Result<double> f64() {
    return std::bit_cast<double>(MILLRACE_TRY(number<uint64_t>()));
  }

  /// What the ByteWriter's functions of these names wrote. Errors: also bytes that they would not
  /// have written.
  [[nodiscard]] Result<bool> flag();
  [[nodiscard]] Result<std::optional<int64_t>> optional_i64();
  [[nodiscard]] Result<std::string> text();

 private:
  template <class T>
  Result<T> number() {
    const std::span<const std::byte> raw = MILLRACE_TRY(bytes(sizeof(T)));
    uint64_t value = 0;
    for (size_t byte = 0; byte < sizeof(T); ++byte) {
      value |= std::to_integer<uint64_t>(raw[byte]) << 8 * byte;
    }
    return static_cast<T>(value);
  }

  std::span<const std::byte> from_;
};

}  // namespace millrace
