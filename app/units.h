// SPDX-License-Identifier: MIT
// Numbers with units, as users write them on the command line and in configuration files.
//
// Every parser takes the whole text or fails (`usage`) with the text, what is wrong with it and an
// example. No number wraps: what does not fit is refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <variant>

#include "engine/base/result.h"
#include "engine/base/time.h"

namespace millrace::app {

struct Size {
  uint32_t width = 0;
  uint32_t height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

/// No H.264 level goes beyond 139264 macroblocks, nor a side beyond the square root of eight times
/// that, 16880 pixels: https://www.itu.int/rec/T-REC-H.264, A.3.1 and table A-1.
inline constexpr uint32_t largest_side = 16384;

/// "5s", "500ms", "1.5min", "2h", "250us": more than 0 and at most 1000 h.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);

/// "1920x1080": each side 1 to `largest_side`.
[[nodiscard]] Result<Size> parse_size(std::string_view text);

/// "30", "30000/1001", "12.5"; "23.976", "29.97", "59.94" and "119.88" are read as the NTSC rates
/// that they abbreviate. 1/1000 to 1000 frames a second.
[[nodiscard]] Result<Fraction> parse_rate(std::string_view text);

/// "8M", "500k", "2.5M", "128000": bits a second, 1000 to 4294967295.
[[nodiscard]] Result<uint32_t> parse_bitrate(std::string_view text);

/// "256MiB", "256M" (the same), "1.5GiB", "500MB" (of thousands), "4096": at most 2^60.
[[nodiscard]] Result<uint64_t> parse_bytes(std::string_view text);

/// A whole number from `least` to `most`.
[[nodiscard]] Result<uint64_t> parse_count(std::string_view text, uint64_t least, uint64_t most);

/// "true" or "false".
[[nodiscard]] Result<bool> parse_flag(std::string_view text);

/// The distance between key frames: in frames, or as a time, which only a rate makes frames.
using Keyint = std::variant<uint32_t, Duration>;

inline constexpr uint32_t longest_keyint = 100'000;  ///< frames

/// "60" (frames) or "2s".
[[nodiscard]] Result<Keyint> parse_keyint(std::string_view text);

/// From 1 to `longest_keyint`. Errors: `usage` with the rate, where a time is longer at it.
[[nodiscard]] Result<uint32_t> frames_of(const Keyint& keyint, Fraction rate);

[[nodiscard]] std::string to_string(Size size);
[[nodiscard]] std::string to_string(Fraction rate);

/// "256 MiB", "1.5 GiB", "12 bytes".
[[nodiscard]] std::string bytes_text(uint64_t bytes);

}  // namespace millrace::app
