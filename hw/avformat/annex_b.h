// SPDX-License-Identifier: MIT
// NAL units in an H.264 byte stream (ITU-T H.264, Annex B), and the parameter sets among them.
// Safe on any bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/export.h"

namespace millrace::avformat {

/// Walks over the NAL units of a byte stream. Borrows the bytes.
class MILLRACE_API NalScanner {
 public:
  explicit NalScanner(std::span<const std::byte> stream);

  /// The next unit without its start code and trailing zeros, never empty; nothing at the end.
  [[nodiscard]] std::optional<std::span<const std::byte>> next();

 private:
  std::span<const std::byte> rest_;  ///< begins after a start code, or is empty
};

/// The SPS and PPS of `stream`, each behind a start code of four bytes: the codec's extradata.
/// Empty when either is missing.
[[nodiscard]] MILLRACE_API std::vector<uint8_t> parameter_sets(std::span<const std::byte> stream);

}  // namespace millrace::avformat
