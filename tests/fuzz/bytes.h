// SPDX-License-Identifier: MIT
// Bytes: a fuzzer's input as a stream of numbers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace millrace::fuzz {

/// The input's bytes, then zeros.
class Bytes {
 public:
  Bytes(const uint8_t* data, size_t size) : data_(data), left_(size) {}

  [[nodiscard]] bool is_over() const { return left_ == 0; }

  uint8_t next() {
    if (left_ == 0) return 0;
    --left_;
    return *data_++;
  }

  /// Small numbers, powers of two and limits alike: one byte chooses the width and the place.
  uint64_t number() {
    const uint8_t form = next();
    const uint64_t low = next();
    const uint64_t value = (form & 0x40U) != 0 ? low << 8 | next() : low;
    const uint64_t shifted = value << (form & 0x3fU);
    return (form & 0x80U) != 0 ? ~shifted : shifted;
  }

 private:
  const uint8_t* data_;
  size_t left_;
};

}  // namespace millrace::fuzz
