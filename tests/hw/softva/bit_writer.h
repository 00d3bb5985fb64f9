// SPDX-License-Identifier: MIT
// Writes H.264 headers for tests, independently of the product's own writer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace millrace::softva_test {

/// Where a named syntax element lies, in bits from the start of what was written.
struct WrittenField {
  std::string name;
  size_t first_bit = 0;
  size_t bits = 0;
};

class BitWriter {
 public:
  void bits(const char* name, uint32_t value, int count);

  void flag(const char* name, bool value) { bits(name, value ? 1 : 0, 1); }

  void ue(const char* name, uint32_t value);
  void se(const char* name, int32_t value);
  void trailing_bits();

  [[nodiscard]] const std::vector<bool>& written() const { return written_; }

  [[nodiscard]] const std::vector<WrittenField>& fields() const { return fields_; }

 private:
  void put(uint32_t value, int count);

  std::vector<bool> written_;
  std::vector<WrittenField> fields_;
};

/// A NAL unit (header and RBSP bits) as a packed header: start code, emulation prevention, bits.
struct PackedBits {
  std::vector<uint8_t> bytes;
  uint32_t bit_length = 0;
};

[[nodiscard]] PackedBits pack(const std::vector<bool>& unit);

}  // namespace millrace::softva_test
