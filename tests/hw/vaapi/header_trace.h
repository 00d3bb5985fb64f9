// SPDX-License-Identifier: MIT
// Reads an H.264 byte stream with libavcodec's trace_headers filter: a reader that shares nothing
// with our writer, and names every syntax element that it meets.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace millrace::vaapi::testing {

struct SyntaxElement {
  std::string name;
  int64_t value = 0;
};

struct HeaderTrace {
  std::vector<SyntaxElement> elements;  ///< in stream order
  std::vector<std::string> units;       ///< "Sequence Parameter Set", "Slice Header", …
  std::string complaints;               ///< what the reader did not like; empty when all is well

  /// The first element of that name.
  [[nodiscard]] std::optional<int64_t> value(const std::string& name) const;
  /// All elements of that name, in stream order.
  [[nodiscard]] std::vector<int64_t> values(const std::string& name) const;
};

[[nodiscard]] HeaderTrace trace_headers(std::span<const uint8_t> stream);

}  // namespace millrace::vaapi::testing
