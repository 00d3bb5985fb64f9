// SPDX-License-Identifier: MIT
// Colour: what the numbers of a picture mean, in the code points of ITU-T H.273 (the same numbers
// that H.264 VUI, Matroska and MP4 carry). https://www.itu.int/rec/T-REC-H.273
#pragma once

#include <cstdint>
#include <string_view>

namespace millrace {

enum class ColourRange : uint8_t { unspecified, limited, full };
enum class ColourPrimaries : uint8_t {
  bt709 = 1,
  unspecified = 2,
  bt470bg = 5,
  bt601 = 6,
  bt2020 = 9
};
enum class ColourTransfer : uint8_t {
  bt709 = 1,
  unspecified = 2,
  bt601 = 6,
  srgb = 13,
  bt2020_10 = 14,
  pq = 16,
  hlg = 18
};
enum class ColourMatrix : uint8_t {
  rgb = 0,
  bt709 = 1,
  unspecified = 2,
  bt470bg = 5,
  bt601 = 6,
  bt2020 = 9
};

struct Colour {
  ColourRange range = ColourRange::unspecified;
  ColourPrimaries primaries = ColourPrimaries::unspecified;
  ColourTransfer transfer = ColourTransfer::unspecified;
  ColourMatrix matrix = ColourMatrix::unspecified;
  friend bool operator==(const Colour&, const Colour&) = default;

  [[nodiscard]] bool is_known() const { return *this != Colour{}; }
};

/// Everything BT.709, limited range: what video is unless it says otherwise.
inline constexpr Colour bt709_limited{ColourRange::limited, ColourPrimaries::bt709,
                                      ColourTransfer::bt709, ColourMatrix::bt709};

}  // namespace millrace
